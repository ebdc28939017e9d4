//! From a program of `awk` as it was read to the steps of the machine. Which names are arrays shows in how they are
//! used, also by the functions they are handed to: what is found out on the way begins the work anew.
//! Never: expressions (`expressions`).

mod expressions;

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::code::{Array, Code, Entry, Op, Place, SPECIAL, SPECIAL_ARRAYS, Target};
use super::parse::{Dest, Expr, Program, Stmt, When};
use super::value::Value;

type Result<T> = core::result::Result<T, String>;

/// How often a program is begun anew at most.
const MAX_ROUNDS: usize = 50;
/// How many steps a program may have.
const MAX_OPS: usize = 200_000;

/// Makes the steps; the error says what is wrong with the program.
pub(super) fn compile(program: &Program) -> Result<Code> {
    let mut known = Known::default();
    for _ in 0..MAX_ROUNDS {
        let before = (known.arrays.len(), known.params.len());
        let mut compiler = Compiler { program, known, code: Code::default(), function: None, loops: Vec::new() };
        compiler.code.globals = SPECIAL.iter().map(ToString::to_string).collect();
        compiler.code.arrays = SPECIAL_ARRAYS.iter().map(ToString::to_string).collect();
        let done = compiler.program();
        let Compiler { known: now, code, .. } = compiler;
        known = now;
        if before == (known.arrays.len(), known.params.len()) {
            return done.map(|()| code);
        }
    }
    Err(String::from("program is nested too deeply"))
}

/// What is known to be an array: names of the program, and parameters of functions by number.
#[derive(Default)]
struct Known {
    arrays: BTreeSet<String>,
    params: BTreeSet<(usize, usize)>,
}

/// A loop: where `continue` goes, and the jumps of its `break`s and `continue`s, to be set.
struct Loop {
    breaks: Vec<usize>,
    continues: Vec<usize>,
}

struct Compiler<'a> {
    program: &'a Program,
    known: Known,
    code: Code,
    /// The function whose body this is.
    function: Option<usize>,
    loops: Vec<Loop>,
}

impl Compiler<'_> {
    fn program(&mut self) -> Result<()> {
        let program = self.program;
        self.code.functions = program.functions.iter().map(|_| Entry::default()).collect();
        self.code.reads = program.rules.iter().any(|rule| !matches!(rule.when, When::Begin));
        let chosen: [fn(&When) -> bool; 3] =
            [|when| matches!(when, When::Begin), |when| !matches!(when, When::Begin | When::End), |when| matches!(when, When::End)];
        let mut begins = [0; 3];
        for (begin, chosen) in begins.iter_mut().zip(chosen) {
            *begin = self.here();
            for (at, rule) in program.rules.iter().enumerate().filter(|(_, rule)| chosen(&rule.when)) {
                let skip = self.when(at, &rule.when)?;
                match &rule.block {
                    Some(block) => self.block(block)?,
                    None => self.print(&[], false, &Dest::Out)?,
                }
                self.land(skip);
            }
            self.emit(Op::Halt);
        }
        [self.code.begin, self.code.rules, self.code.end] = begins;
        for (at, function) in program.functions.iter().enumerate() {
            self.function = Some(at);
            let arrays = (0..function.params.len()).filter(|param| self.known.params.contains(&(at, *param))).count();
            let entry = Entry { at: self.here(), plain: function.params.len() - arrays, arrays };
            if let Some(slot) = self.code.functions.get_mut(at) {
                *slot = entry;
            }
            self.block(&function.body)?;
            self.emit(Op::Push(Value::Unset));
            self.emit(Op::Return);
        }
        if self.here() > MAX_OPS { Err(String::from("program is too long")) } else { Ok(()) }
    }

    fn here(&self) -> usize {
        self.code.ops.len()
    }

    /// Adds a step, and answers where it is.
    fn emit(&mut self, op: Op) -> usize {
        self.code.ops.push(op);
        self.here() - 1
    }

    /// Lets jumps go to the next step.
    fn land(&mut self, jumps: impl IntoIterator<Item = usize>) {
        let here = self.here();
        for at in jumps {
            if let Some(Op::Jump(to) | Op::JumpIf(_, to) | Op::NextKey(_, to)) = self.code.ops.get_mut(at) {
                *to = here;
            }
        }
    }

    /// When a rule applies; answers the jump past it.
    fn when(&mut self, rule: usize, when: &When) -> Result<Option<usize>> {
        Ok(match when {
            When::Begin | When::End | When::Always => None,
            When::Test(test) => {
                self.expr(test)?;
                Some(self.emit(Op::JumpIf(false, 0)))
            }
            When::Range(from, to) => {
                self.emit(Op::Open(rule));
                let inside = self.emit(Op::JumpIf(true, 0));
                self.expr(from)?;
                let skip = self.emit(Op::JumpIf(false, 0));
                self.land([inside]);
                self.emit(Op::SetOpen(rule, true));
                self.expr(to)?;
                let stays = self.emit(Op::JumpIf(false, 0));
                self.emit(Op::SetOpen(rule, false));
                self.land([stays]);
                Some(skip)
            }
        })
    }

    fn block(&mut self, block: &[Stmt]) -> Result<()> {
        block.iter().try_for_each(|statement| self.statement(statement))
    }

    fn statement(&mut self, statement: &Stmt) -> Result<()> {
        match statement {
            Stmt::Print(args, printf, dest) => self.print(args, *printf, dest)?,
            Stmt::Expr(expr) => {
                self.expr(expr)?;
                self.emit(Op::Pop);
            }
            Stmt::Block(block) => self.block(block)?,
            Stmt::If(test, yes, no) => {
                self.expr(test)?;
                let otherwise = self.emit(Op::JumpIf(false, 0));
                self.block(yes)?;
                if no.is_empty() {
                    self.land([otherwise]);
                } else {
                    let out = self.emit(Op::Jump(0));
                    self.land([otherwise]);
                    self.block(no)?;
                    self.land([out]);
                }
            }
            Stmt::Next(file) => {
                self.emit(Op::Next(*file));
            }
            Stmt::Exit(value) => {
                if let Some(value) = value {
                    self.expr(value)?;
                }
                self.emit(Op::Exit(value.is_some()));
            }
            Stmt::Return(value) => {
                if self.function.is_none() {
                    return Err(String::from("return outside function body"));
                }
                match value {
                    Some(value) => self.expr(value)?,
                    None => self.push(Value::Unset),
                }
                self.emit(Op::Return);
            }
            Stmt::While(..) | Stmt::For(..) | Stmt::Each(..) | Stmt::Delete(..) => self.over(statement)?,
            Stmt::Break | Stmt::Continue => {
                let jump = self.emit(Op::Jump(0));
                let Some(inside) = self.loops.last_mut() else { return Err(String::from("break or continue outside of a loop")) };
                if matches!(statement, Stmt::Break) { inside.breaks.push(jump) } else { inside.continues.push(jump) }
            }
        }
        Ok(())
    }

    /// Loops, and what is taken out of arrays.
    fn over(&mut self, statement: &Stmt) -> Result<()> {
        match statement {
            Stmt::While(test, body, body_first) => {
                let into = body_first.then(|| self.emit(Op::Jump(0)));
                let again = self.here();
                self.expr(test)?;
                let out = self.emit(Op::JumpIf(false, 0));
                self.land(into);
                let Loop { breaks, continues } = self.looped(body)?;
                self.emit(Op::Jump(again));
                self.set(&continues, again);
                self.land(breaks);
                self.land([out]);
            }
            Stmt::For(first, test, step, body) => self.for_loop((first.as_deref(), test.as_ref(), step.as_deref()), body)?,
            Stmt::Each(key, array, body) => {
                let array = self.array(array)?;
                self.emit(Op::Keys(array));
                let place = self.variable(key)?;
                let again = self.emit(Op::NextKey(place, 0));
                let Loop { breaks, continues } = self.looped(body)?;
                self.emit(Op::Jump(again));
                self.set(&continues, again);
                self.land(breaks);
                self.land([again]);
                self.emit(Op::EndKeys);
            }
            Stmt::Delete(array, keys) => {
                let array = self.array(array)?;
                match keys {
                    Some(keys) => {
                        self.key(keys)?;
                        self.emit(Op::Delete(array));
                    }
                    None => {
                        self.emit(Op::Clear(array));
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn push(&mut self, value: Value) {
        self.emit(Op::Push(value));
    }

    fn for_loop(&mut self, (first, test, step): (Option<&Stmt>, Option<&Expr>, Option<&Stmt>), body: &[Stmt]) -> Result<()> {
        if let Some(first) = first {
            self.statement(first)?;
        }
        let again = self.here();
        let mut out = None;
        if let Some(test) = test {
            self.expr(test)?;
            out = Some(self.emit(Op::JumpIf(false, 0)));
        }
        let Loop { breaks, continues } = self.looped(body)?;
        self.land(continues);
        if let Some(step) = step {
            self.statement(step)?;
        }
        self.emit(Op::Jump(again));
        self.land(breaks);
        self.land(out);
        Ok(())
    }

    fn looped(&mut self, body: &[Stmt]) -> Result<Loop> {
        self.loops.push(Loop { breaks: Vec::new(), continues: Vec::new() });
        let done = self.block(body);
        let inside = self.loops.pop();
        done?;
        inside.ok_or_else(String::new)
    }

    fn set(&mut self, jumps: &[usize], goal: usize) {
        for at in jumps {
            if let Some(Op::Jump(to)) = self.code.ops.get_mut(*at) {
                *to = goal;
            }
        }
    }

    fn print(&mut self, args: &[Expr], printf: bool, dest: &Dest) -> Result<()> {
        for arg in args {
            self.expr(arg)?;
        }
        let target = match dest {
            Dest::Out => Target::Out,
            Dest::File(name, append) => {
                self.expr(name)?;
                if *append { Target::Append } else { Target::File }
            }
            Dest::Command(line) => {
                self.expr(line)?;
                Target::Command
            }
        };
        self.emit(Op::Print(args.len(), printf, target));
        Ok(())
    }

    /// The number of a name among the parameters of this function.
    fn param(&self, name: &str) -> Option<(usize, usize)> {
        let function = self.function?;
        let params = &self.program.functions.get(function)?.params;
        params.iter().position(|param| param == name).map(|at| (function, at))
    }

    /// How many parameters before this one are of its kind.
    fn place_of((function, at): (usize, usize), known: &Known) -> usize {
        let kind = known.params.contains(&(function, at));
        (0..at).filter(|before| known.params.contains(&(function, *before)) == kind).count()
    }

    fn is_array(&self, name: &str) -> bool {
        match self.param(name) {
            Some(param) => self.known.params.contains(&param),
            None => self.known.arrays.contains(name) || SPECIAL_ARRAYS.contains(&name),
        }
    }

    fn variable(&mut self, name: &str) -> Result<Place> {
        if self.is_array(name) || self.program.functions.iter().any(|function| function.name == name) {
            return Err(alloc::format!("illegal reference to array {name}"));
        }
        if let Some(param) = self.param(name) {
            return Ok(Place::Local(Compiler::place_of(param, &self.known)));
        }
        Ok(Place::Global(number(&mut self.code.globals, name)))
    }

    fn array(&mut self, name: &str) -> Result<Array> {
        if let Some(param) = self.param(name) {
            self.known.params.insert(param);
            return Ok(Array::Local(Compiler::place_of(param, &self.known)));
        }
        if SPECIAL.contains(&name) {
            return Err(alloc::format!("illegal reference to variable {name}"));
        }
        self.known.arrays.insert(String::from(name));
        Ok(Array::Global(number(&mut self.code.arrays, name)))
    }
}

/// The number of a name, a new one if it has none yet.
fn number(names: &mut Vec<String>, name: &str) -> usize {
    names.iter().position(|one| one == name).unwrap_or_else(|| {
        names.push(String::from(name));
        names.len() - 1
    })
}
