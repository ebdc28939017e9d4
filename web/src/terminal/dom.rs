//! Lines of a screen as elements, in chunks. Only chunks near what is seen are drawn with colours and links; the others are
//! one text each that the browser does not lay out. Never: which lines there are (`screen`).

use std::collections::VecDeque;

use kubepie_core::session::ShownKind;
use web_sys::{Document, Element, HtmlElement};

use super::ansi::{self, Look};
use super::follow::Follow;
use super::names::Names;
use super::screen::{Line, Screen};
use super::width;
use wasm_bindgen::JsCast;

/// Lines of a chunk.
const CHUNK: u64 = 64;

/// How many chunks at the end are always drawn.
const TAIL: usize = 4;

/// How many chunks at the end the browser lays out though they are not seen.
const LAID_OUT: usize = 32;

/// A chunk.
struct Chunk {
    element: HtmlElement,
    /// The number of its first line.
    first: u64,
    /// How many lines it has.
    count: u64,
    /// Whether its lines are elements.
    drawn: bool,
}

/// Writes a screen into an element.
pub struct Writer {
    out: HtmlElement,
    document: Document,
    chunks: VecDeque<Chunk>,
    _follow: Option<Follow>,
}

impl Writer {
    /// A writer into an element, which is emptied.
    pub fn new(out: HtmlElement) -> Option<Writer> {
        let document = out.owner_document()?;
        out.set_text_content(None);
        let follow = Follow::new(&out);
        Some(Writer { out, document, chunks: VecDeque::new(), _follow: follow })
    }

    /// Whether it writes into this element.
    pub fn writes_to(&self, element: &HtmlElement) -> bool {
        self.out == *element
    }

    /// Brings the element up to date: line `changed` and those after it are new. `asked`: the last line is a question, which
    /// stands before what is being typed.
    pub fn write(&mut self, screen: &Screen, changed: u64, names: &Names, asked: bool) {
        while self.chunks.front().is_some_and(|chunk| chunk.first + chunk.count <= screen.first()) {
            self.pop(true);
        }
        // What was erased and written anew since.
        while self.chunks.back().is_some_and(|chunk| chunk.first >= screen.end()) {
            self.pop(false);
        }
        let next = self.chunks.back().map_or(screen.first(), |chunk| chunk.first + chunk.count);
        let mut at = changed.min(next).max(screen.first());
        if let Some(place) = self.chunks.iter().position(|chunk| at < chunk.first + chunk.count) {
            while self.chunks.len() > place + 1 {
                self.pop(false);
            }
            if let Some(chunk) = self.chunks.back().filter(|chunk| !chunk.drawn) {
                at = chunk.first.max(screen.first());
                self.pop(false);
            } else if let Some(chunk) = self.chunks.back_mut() {
                while chunk.count > at.saturating_sub(chunk.first) && chunk.element.last_child().is_some() {
                    let last = chunk.element.last_child();
                    let _ = last.map(|last| chunk.element.remove_child(&last));
                    chunk.count -= 1;
                }
            }
        }
        while at < screen.end() {
            at = self.extend(screen, at, names);
        }
        if asked && let Some(last) = self.chunks.back().and_then(|chunk| chunk.element.last_element_child()) {
            last.set_class_name("l asked");
        }
        let far = self.chunks.len().saturating_sub(LAID_OUT);
        let from = far.saturating_sub(TAIL);
        self.chunks.range(from..far).for_each(|chunk| chunk.element.set_class_name("chunk far"));
    }

    fn pop(&mut self, front: bool) {
        let gone = if front { self.chunks.pop_front() } else { self.chunks.pop_back() };
        if let Some(chunk) = gone {
            chunk.element.remove();
        }
    }

    /// Adds lines from `at` on to the last chunk, or to a new one; gives the line to go on with.
    fn extend(&mut self, screen: &Screen, at: u64, names: &Names) -> u64 {
        let full = self.chunks.back().is_none_or(|chunk| chunk.count >= CHUNK || !chunk.drawn || chunk.first + chunk.count != at);
        if full {
            let Some(element) = element(&self.document, "div", "chunk") else { return screen.end() };
            let _ = self.out.append_child(&element);
            self.chunks.push_back(Chunk { element, first: at, count: 0, drawn: true });
        }
        let Some(chunk) = self.chunks.back_mut() else { return screen.end() };
        let to = (chunk.first + CHUNK).min(screen.end());
        if chunk.count == 0 && to + CHUNK * TAIL as u64 <= screen.end() {
            chunk.drawn = false;
            chunk.count = to - chunk.first;
            let texts: Vec<&str> = (chunk.first..to).filter_map(|n| screen.line(n)).map(|line| line.text.as_str()).collect();
            chunk.element.set_text_content(Some(&texts.join("\n")));
            if to + CHUNK * LAID_OUT as u64 <= screen.end() {
                chunk.element.set_class_name("chunk far");
            }
            let _ = chunk.element.style().set_property("contain-intrinsic-size", &format!("auto {}em", chunk.count as f64 * 1.55));
            return to;
        }
        for line in (at..to).filter_map(|n| screen.line(n)) {
            if let Some(drawn) = draw(&self.document, line, names) {
                let _ = chunk.element.append_child(&drawn);
            }
        }
        chunk.count = to - chunk.first;
        to
    }

    /// Draws the chunks that are seen, or nearly.
    pub fn look(&mut self, screen: &Screen, names: &Names) {
        let (top, height) = (self.out.scroll_top(), self.out.client_height());
        let base = self.out.offset_top();
        let below = |chunk: &Chunk, y: i32| chunk.element.offset_top() - base > y;
        let from = self.chunks.partition_point(|chunk| !below(chunk, top - height)).saturating_sub(1);
        let to = self.chunks.partition_point(|chunk| !below(chunk, top + 2 * height));
        for chunk in self.chunks.range_mut(from..to.max(from)).filter(|chunk| !chunk.drawn) {
            chunk.element.set_text_content(None);
            for line in (chunk.first..chunk.first + chunk.count).filter_map(|n| screen.line(n)) {
                if let Some(drawn) = draw(&self.document, line, names) {
                    let _ = chunk.element.append_child(&drawn);
                }
            }
            chunk.drawn = true;
        }
    }
}

fn element(document: &Document, tag: &str, class: &str) -> Option<HtmlElement> {
    let element: HtmlElement = document.create_element(tag).ok()?.dyn_into().ok()?;
    if !class.is_empty() {
        element.set_class_name(class);
    }
    Some(element)
}

/// A line as an element.
fn draw(document: &Document, line: &Line, names: &Names) -> Option<Element> {
    let class = match (line.kind, line.is_row()) {
        (ShownKind::Err, _) => "l r",
        (_, true) => "l cols",
        (_, false) => "l",
    };
    let whole = element(document, "div", class)?;
    if line.text.is_empty() {
        let _ = whole.append_child(&*element(document, "br", "")?);
        return Some(whole.into());
    }
    let mut found = names.in_line(&line.text, &line.about);
    found.retain(|(from, ..)| *from >= line.prompt as usize);
    if found.is_empty() && line.looks.is_empty() && line.prompt == 0 && line.text.is_ascii() {
        whole.set_text_content(Some(&line.text));
        return Some(whole.into());
    }
    let mut cuts: Vec<usize> = vec![0, line.prompt as usize, line.text.len()];
    cuts.extend(line.looks.iter().map(|(at, _)| *at as usize));
    cuts.extend(found.iter().flat_map(|(from, to, _)| [*from, *to]));
    cuts.sort_unstable();
    cuts.dedup();
    for (from, to) in cuts.iter().zip(cuts.iter().skip(1)) {
        let Some(text) = line.text.get(*from..*to) else { continue };
        let look = line.looks.iter().rev().find(|(at, _)| *at as usize <= *from).map_or(Look::default(), |(_, look)| *look);
        let name = found.iter().find(|(start, end, _)| start <= from && to <= end).map(|(_, _, target)| target);
        let class =
            [if *from < line.prompt as usize { "p" } else { "" }, if name.is_some() { " obj" } else { "" }, &of_look(look)].concat();
        if class.is_empty() {
            write(document, &whole, text);
            continue;
        }
        let span = element(document, "span", class.trim_start())?;
        if let Some(target) = name {
            for (key, value) in [("kind", &target.kind), ("namespace", &target.namespace), ("name", &target.name), ("uid", &target.uid)] {
                let _ = span.set_attribute(&["data-", key].concat(), value);
            }
        }
        write(document, &span, text);
        let _ = whole.append_child(&span);
    }
    Some(whole.into())
}

/// The classes of a look, each after a space.
fn of_look(look: Look) -> String {
    let mut class = String::new();
    let swap = look.flags & ansi::INVERSE != 0;
    let (ink, paper) = if swap { (look.paper, look.ink) } else { (look.ink, look.paper) };
    for (name, colour) in [(" ink", ink), (" paper", paper)] {
        if colour > 0 {
            class.push_str(&[name, &colour.to_string()].concat());
        }
    }
    if swap && ink == 0 && paper == 0 {
        class.push_str(" inverse");
    }
    for (flag, name) in [(ansi::BOLD, " bold"), (ansi::DIM, " dim"), (ansi::ITALIC, " italic"), (ansi::UNDERLINE, " underline")] {
        if look.flags & flag != 0 {
            class.push_str(name);
        }
    }
    class
}

/// Appends a text; wide characters each in a cell of two columns, so that what comes after stands where it should.
fn write(document: &Document, parent: &HtmlElement, text: &str) {
    if text.is_ascii() {
        let _ = parent.append_child(&document.create_text_node(text));
        return;
    }
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let wide = width::of_char(c) == 2;
        let end = if wide { c.len_utf8() } else { rest.find(|c| width::of_char(c) == 2).unwrap_or(rest.len()) };
        let (now, later) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let node = document.create_text_node(now);
        match element(document, "span", "w").filter(|_| wide) {
            Some(cell) => {
                let _ = cell.append_child(&node);
                let _ = parent.append_child(&cell);
            }
            None => {
                let _ = parent.append_child(&node);
            }
        }
        rest = later;
    }
}
