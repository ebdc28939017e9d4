//! What keys, pastes and choices do in the terminal. Never: its elements (`view`), nor what a line does.

use super::component::{Msg, Terminal, shell_of};
use super::compose::Act;
use super::edit::{Edit, Line};
use super::hear::{is_composed, is_enter, meant_by};
use super::keys::{Do, Key, meaning};
use super::search::Search;
use super::{Ask, Turn, hangul};

use kubepie_core::session::command_end;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

/// The prompt of a shell that waits for the rest of a command.
pub const CONTINUED: &str = "> ";

/// Lines put together to whole commands: a here-document is one input and not a thousand.
fn whole(lines: &[String]) -> Vec<String> {
    let mut commands = Vec::new();
    let mut left = lines;
    while !left.is_empty() {
        let (mut window, mut taken) = (1, None);
        while taken.is_none() && window <= left.len() {
            let text = [left.get(..window).unwrap_or(left).join("\n").as_str(), "\n"].concat();
            taken = command_end(&text).and_then(|end| text.get(..end)).map(|first| first.matches('\n').count());
            window = if window < left.len() { (window * 2).min(left.len()) } else { usize::MAX };
        }
        // Without an end the lines are typed as they are, and the shell waits for it.
        let Some(taken) = taken else { break };
        let (first, rest) = left.split_at(taken.clamp(1, left.len()));
        commands.push(first.join("\n"));
        left = rest;
    }
    commands.extend(left.iter().cloned());
    commands
}

impl Terminal {
    pub(super) fn key(&mut self, ctx: &Context<Self>, e: &KeyboardEvent, mine: bool) -> bool {
        let method = is_composed(e);
        if is_enter(e) {
            return self.enter.down(method) == Act::Run && self.run(ctx);
        }
        if !method {
            self.enter.other();
        }
        if !mine && e.key() == "Escape" {
            return self.hush(ctx);
        }
        meant_by(e).filter(|_| mine).and_then(|deed| self.deed(ctx, deed)).unwrap_or(false)
    }

    pub(super) fn key_up(&mut self, ctx: &Context<Self>, e: &KeyboardEvent) -> bool {
        self.enter.up(is_composed(e)) == Act::Run && self.run(ctx)
    }

    /// Does it. `None`: it is the browser's after all; else whether to draw.
    fn deed(&mut self, ctx: &Context<Self>, deed: Do) -> Option<bool> {
        let ask = &ctx.props().ask;
        let open = self.menu.is_some() || self.search.is_some() || self.offer.is_some();
        let mut draw = open;
        match deed {
            Do::Complete | Do::CompleteBack => return Some(self.tab(ctx, deed == Do::Complete)),
            Do::Older | Do::Newer if self.menu.is_some() => {
                let by = if deed == Do::Newer { 1 } else { -1 };
                self.menu.iter_mut().for_each(|menu| menu.go(by));
                return Some(true);
            }
            Do::Search => {
                self.search_on();
                return Some(true);
            }
            Do::Escape => return Some(self.hush(ctx)),
            Do::Page(up) => {
                let log = self.log.cast::<Element>()?;
                let by = (log.client_height() - 20) * if up { -1 } else { 1 };
                log.set_scroll_top(log.scroll_top() + by);
                return Some(false);
            }
            Do::Interrupt => return Some(self.interrupt(ctx)),
            Do::Eof if self.line().text.is_empty() => ask.emit(Ask::Eof(self.shell)),
            Do::Clear => {
                self.hushed = ctx.props().scene.shown.end();
                draw = true;
                self.panes.entry(self.shell).or_default().clear();
                self.draw(ctx);
            }
            Do::NewTab => ask.emit(Ask::Turn(Turn::Shell)),
            Do::CloseTab => ask.emit(Ask::Turn(Turn::Close(ctx.props().tabs.active()))),
            Do::Tab(place) => {
                self.want_focus = true;
                ask.emit(Ask::Turn(Turn::Choose(place)));
            }
            Do::Older | Do::Newer => {
                self.leave_search();
                let now = self.line().text;
                let text = self.past.walk(deed == Do::Older, &now);
                if let Some(text) = text {
                    self.put(&Line::ending(text))
                }
            }
            Do::Right => return self.right(),
            Do::LastWord => self.last_word(),
            Do::Edit(edit) => self.edit(edit),
            Do::Eof => self.edit(Edit::Delete),
        }
        self.menu = None;
        draw |= self.offer.take().is_some();
        Some(draw)
    }

    fn edit(&mut self, edit: Edit) {
        self.leave_search();
        let mut line = self.line();
        line.edit(edit, &mut self.cut);
        self.put(&line);
    }

    /// Takes the suggestion at the line's end; elsewhere the browser moves the cursor.
    fn right(&mut self) -> Option<bool> {
        let had = self.leave_search();
        let mut line = self.line();
        let Some(rest) = self.suggested(&line).map(str::to_string) else { return had.then_some(true) };
        line.text.push_str(&rest);
        self.put(&Line::ending(line.text));
        let had = self.menu.take().is_some();
        Some(had)
    }

    /// Puts the last word of the line before into the line; again, that of the one before it.
    fn last_word(&mut self) {
        let mut line = self.line();
        if self.words_back > 0
            && let Some(word) = self.past.last_word(self.words_back)
            && line.before().ends_with(word)
        {
            line.replace(line.at - word.len(), line.at, "");
        }
        self.words_back += 1;
        match self.past.last_word(self.words_back).map(str::to_string) {
            Some(word) => line.replace(line.at, line.at, &word),
            None => self.words_back = 0,
        }
        self.put(&line);
    }

    /// Ctrl-C: copies what is selected, or else ends what runs.
    fn interrupt(&mut self, ctx: &Context<Self>) -> bool {
        let window = web_sys::window();
        let selection = window.as_ref().and_then(|w| w.get_selection().ok().flatten());
        let marked = selection.as_ref().map(|s| String::from(s.to_string())).unwrap_or_default();
        let in_line = self.input().and_then(|input| {
            let (from, to) = (input.selection_start().ok()??, input.selection_end().ok()??);
            let line = Line::new(input.value(), from);
            let end = super::edit::byte_at(&line.text, to);
            line.text.get(line.at..end).map(str::to_string)
        });
        let text = in_line.filter(|text| !text.is_empty()).unwrap_or(marked);
        if !text.is_empty() {
            if let Some(window) = window.filter(web_sys::Window::is_secure_context) {
                let _ = window.navigator().clipboard().write_text(&text);
            }
            let line = self.line();
            self.put(&line);
            selection.map(|s| s.remove_all_ranges().ok());
            self.focus();
            return false;
        }
        let draw = self.escape();
        self.put(&Line::default());
        self.past.leave();
        self.stuck = true;
        ctx.props().ask.emit(Ask::Interrupt(self.shell));
        draw
    }

    /// Away with menu, search and offer. Returns whether there was one.
    pub(super) fn escape(&mut self) -> bool {
        let offer = self.offer.take().is_some();
        self.refused |= offer;
        let menu = self.menu.take().is_some();
        match self.search.take() {
            Some(search) => {
                self.put(&Line::ending(search.draft));
                true
            }
            None => menu || offer,
        }
    }

    /// Ends the search with what it found in the line.
    pub(super) fn leave_search(&mut self) -> bool {
        let Some(search) = self.search.take() else { return false };
        let found = search.found(&self.past).unwrap_or(&search.draft).to_string();
        self.put(&Line::ending(found));
        true
    }

    fn search_on(&mut self) {
        self.menu = None;
        match &mut self.search {
            Some(search) => search.older(&self.past),
            None => {
                self.search = Some(Search::new(self.line().text));
                self.put(&Line::default());
            }
        }
    }

    /// Enter.
    fn run(&mut self, ctx: &Context<Self>) -> bool {
        if let Some(menu) = self.menu.take() {
            let mut line = self.line();
            if menu.accept(&mut line) {
                self.put(&line);
                return true;
            }
        }
        self.leave_search();
        let line = self.line().text;
        self.offer = self.meant(&line).filter(|_| !self.refused);
        if self.offer.is_some() {
            return self.take_offer();
        }
        self.put(&Line::default());
        self.remember(&line);
        (self.refused, self.stuck) = (false, true);
        ctx.props().ask.emit(Ask::Line(self.shell, line));
        true
    }

    /// What a line with Hangul in it was meant to be.
    fn meant(&self, line: &str) -> Option<String> {
        let borrowed = |words: &Vec<String>| words.iter().map(|w| w.trim_end().to_string()).collect::<Vec<_>>();
        let (commands, seconds) = (borrowed(&self.commands), borrowed(&self.seconds));
        let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
        let seconds: Vec<&str> = seconds.iter().map(String::as_str).collect();
        hangul::meant(line, &commands, &seconds)
    }

    /// The line has changed under somebody's fingers.
    pub(super) fn typed(&mut self, ctx: &Context<Self>) -> bool {
        if std::mem::take(&mut self.sticky) {
            return self.struck_with_ctrl(ctx);
        }
        self.words_back = 0;
        let line = self.line();
        if self.too_long(ctx, &line.text) {
            return true;
        }
        if let Some(search) = &mut self.search {
            search.query(&line.text, &self.past);
            return true;
        }
        self.suggest();
        let mut draw = false;
        if let Some(menu) = &mut self.menu {
            draw = true;
            if !menu.narrow(&line) {
                self.menu = None;
            }
        }
        let korean = line.text.chars().any(hangul::is_hangul);
        if korean && self.commands.is_empty() {
            let reply = |first| ctx.link().callback(move |known| Msg::Known(first, known));
            let ask = &ctx.props().ask;
            ask.emit(Ask::Complete(self.shell, "kubectl ".to_string(), 8, reply(false)));
            ask.emit(Ask::Complete(self.shell, String::new(), 0, reply(true)));
        }
        self.refused &= korean;
        let offer = self.meant(&line.text).filter(|_| korean && !self.refused);
        draw |= offer != self.offer;
        self.offer = offer;
        // To measure makes the browser lay the page out at once: not for every key.
        if self.offer.is_some() {
            self.find_room();
        }
        draw
    }

    /// Ctrl of the row for phones was down: the letter that came is a key and not text.
    fn struck_with_ctrl(&mut self, ctx: &Context<Self>) -> bool {
        let mut line = self.line();
        let Some(c) = line.before().chars().next_back() else { return true };
        line.edit(Edit::Erase, &mut String::new());
        self.put(&line);
        let key = c.to_string();
        let keys = hangul::keys(&key);
        if let Some(deed) = meaning(Key { key: &keys, ctrl: true, ..Key::default() }) {
            self.deed(ctx, deed);
        }
        true
    }

    /// Writes a text as the browser would have.
    pub(super) fn struck(&mut self, ctx: &Context<Self>, text: &str) -> bool {
        let mut line = self.line();
        line.replace(line.at, line.at, text);
        self.put(&line);
        self.typed(ctx)
    }

    /// Several lines at once are run one after the other; the last one, without its newline, stays to be finished.
    pub(super) fn paste(&mut self, ctx: &Context<Self>, text: &str) -> bool {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let mut line = self.line();
        line.replace(line.at, line.at, &text);
        let mut lines: Vec<String> = line.text.split('\n').map(str::to_string).collect();
        let last = lines.pop().unwrap_or_default();
        if !self.too_long(ctx, &last) {
            self.put(&Line::ending(last));
        }
        self.remember_all(&lines);
        self.stuck = true;
        // What a shell that waits for the rest of a command is given, it must be given line by line.
        let fresh = ctx.props().scene.shells.iter().all(|now| now.shell != self.shell || now.prompt != CONTINUED);
        let commands = if fresh { whole(&lines) } else { lines };
        ctx.props().ask.emit(Ask::Lines(self.shell, commands));
        true
    }

    /// Keys while the output has the focus: typing goes on in the line.
    pub(super) fn out_key(&mut self, ctx: &Context<Self>, e: &KeyboardEvent) -> bool {
        let plain = !e.ctrl_key() && !e.meta_key() && !e.alt_key();
        if e.ctrl_key() && e.code() == "KeyC" {
            e.prevent_default();
            return self.interrupt(ctx);
        }
        if plain && (e.key().chars().count() == 1 || e.key() == "Enter") {
            self.focus();
        }
        false
    }

    /// A key of the row for phones.
    pub(super) fn tap(&mut self, ctx: &Context<Self>, key: &'static str) -> bool {
        self.focus();
        if key == "Ctrl" {
            self.sticky = !self.sticky;
            return true;
        }
        let ctrl = std::mem::take(&mut self.sticky);
        match meaning(Key { key, ctrl, ..Key::default() }) {
            Some(Do::Right) if self.right().is_none() => self.edit(Edit::Forward),
            Some(Do::Right) => {}
            Some(deed) => {
                self.deed(ctx, deed);
            }
            None if key == "ArrowLeft" => self.edit(Edit::Back),
            None => {
                let mut line = self.line();
                line.replace(line.at, line.at, key);
                self.put(&line);
                self.typed(ctx);
            }
        }
        true
    }

    /// Keys on the tabs: arrows walk, F2 names, Delete closes.
    pub(super) fn tab_key(&mut self, ctx: &Context<Self>, place: usize, e: &KeyboardEvent) -> bool {
        let turn = match e.key().as_str() {
            "ArrowLeft" => Turn::By(-1),
            "ArrowRight" => Turn::By(1),
            "Home" => Turn::Choose(0),
            "Delete" => Turn::Close(place),
            "F2" => {
                self.naming = Some(place);
                e.prevent_default();
                return true;
            }
            _ => return false,
        };
        e.prevent_default();
        ctx.props().ask.emit(Ask::Turn(turn));
        if shell_of(&ctx.props().tabs).is_none() {
            self.menu = None;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn pasted_lines_become_whole_commands() {
        let lines = |text: &str| text.lines().map(str::to_string).collect::<Vec<_>>();
        let here = format!("cat > f <<'EOF'\n{}EOF", "x y\n".repeat(500));
        let text = ["# note", "echo a; echo b", &here, "for i in 1 2; do", "  echo $i \\", "   end", "done", "", "echo \"open", "never"]
            .join("\n");
        let commands = whole(&lines(&text));
        assert_eq!(
            commands,
            ["# note", "echo a; echo b", &here, "for i in 1 2; do\n  echo $i \\\n   end\ndone", "", "echo \"open", "never"]
        );
    }
}
