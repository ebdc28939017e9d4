//! What the commands of `sed` do to a line.
//! Never: which lines they are for (`machine`).

use alloc::string::String;

use super::machine::{After, Pass, Sed, put};
use super::script::{Command, Do};
use super::subst::substitute;
use crate::shell::process::Output;

impl Sed {
    /// Does what one command says. False: the line is over.
    pub(super) fn apply(&mut self, here: usize, command: &Command, pass: &mut Pass, output: &mut Output) -> bool {
        match &command.what {
            Do::Block(_) | Do::Label | Do::Quiet | Do::End => {}
            Do::Delete => return pass.delete(),
            Do::DeleteFirst => match pass.space.split_once('\n') {
                Some((_, rest)) => {
                    pass.space = String::from(rest);
                    pass.at = 0;
                }
                None => return pass.delete(),
            },
            Do::Change(text) => {
                let ends = self.ranges.get(here).copied().flatten().is_none();
                if command.to.is_none() || ends || command.negated {
                    self.text(text, output);
                }
                return pass.delete();
            }
            Do::Subst(subst) => {
                if let Some(changed) = substitute(subst, &pass.space) {
                    pass.space = changed;
                    pass.replaced = true;
                    if subst.print {
                        self.print(&pass.space, true, output);
                    }
                    if let Some(file) = subst.write {
                        self.save(file, &alloc::format!("{}\n", pass.space), output);
                    }
                }
            }
            Do::Translate(from, to) => {
                let becomes = |c: char| from.iter().position(|one| *one == c).and_then(|at| to.get(at)).copied().unwrap_or(c);
                pass.space = pass.space.chars().map(becomes).collect();
            }
            Do::Next | Do::AppendNext => {
                self.next(matches!(command.what, Do::Next), pass, output);
                return false;
            }
            Do::Quit(code, silent) => {
                self.code = *code;
                pass.deleted = *silent;
                pass.after = After::Quit;
                return false;
            }
            Do::Hold(append) => put(&mut self.hold, &pass.space, *append),
            Do::Get(append) => {
                pass.newline = true;
                put(&mut pass.space, &self.hold, *append);
            }
            Do::Exchange => {
                pass.newline = true;
                core::mem::swap(&mut pass.space, &mut self.hold);
            }
            Do::Branch(to) => pass.at = *to,
            Do::BranchIf(to, wanted) => {
                if pass.replaced == *wanted {
                    pass.at = *to;
                }
                pass.replaced = false;
            }
            other => self.show(here, other, pass, output),
        }
        true
    }

    /// Commands that write something, now or behind the line.
    fn show(&mut self, here: usize, what: &Do, pass: &mut Pass, output: &mut Output) {
        match what {
            Do::Print => self.print(&pass.space, pass.newline, output),
            Do::PrintFirst => self.print(pass.space.split('\n').next().unwrap_or_default(), true, output),
            Do::Number => self.text(&alloc::format!("{}\n", self.number), output),
            Do::Name => self.text(&alloc::format!("{}\n", self.name), output),
            Do::Nothing => {}
            Do::Empty => pass.space.clear(),
            Do::Read(text) => pass.appended.push(text.clone()),
            Do::ReadLine(text) => {
                if let Some(count) = self.read.get_mut(here)
                    && let Some(line) = text.lines().nth(*count)
                {
                    *count += 1;
                    pass.appended.push(alloc::format!("{line}\n"));
                }
            }
            Do::Write(file, first) => {
                let text = if *first { pass.space.split('\n').next().unwrap_or_default() } else { &pass.space };
                self.save(*file, &alloc::format!("{text}\n"), output);
            }
            Do::List => {
                let shown = pass.space.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n");
                self.text(&alloc::format!("{shown}$\n"), output);
            }
            Do::Append(text) => pass.appended.push(text.clone()),
            Do::Insert(text) => self.text(text, output),
            _ => {}
        }
    }
}
