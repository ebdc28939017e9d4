//! Lessons in hand: which one, which step, which hints; and the panel that shows them. Never: what a check looks at.

use kubepie_core::lesson::{Lesson, catalog};
use kubepie_core::session::{Base, Session};
use yew::prelude::*;

use crate::app::{App, Msg};
use crate::store;

/// The lesson that was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Running {
    /// Its index in the catalog.
    pub lesson: usize,
    /// How many of its steps were reached.
    pub step: usize,
    /// How many hints of the present step are shown.
    pub hints: usize,
}

/// All lessons and how far one has come.
pub struct Course {
    lessons: Vec<Lesson>,
    reached: Vec<usize>,
    /// The lesson that was begun.
    pub running: Option<Running>,
}

impl Course {
    /// The catalog, with what the browser has kept.
    pub fn new() -> Course {
        let lessons = catalog::all();
        let kept = store::get(store::PROGRESS).unwrap_or_default();
        let of = |lesson: &Lesson| {
            let mine = kept.split(' ').filter_map(|w| w.split_once('=')).find(|(id, _)| *id == lesson.id);
            mine.and_then(|(_, n)| n.parse().ok()).unwrap_or(0)
        };
        let reached = lessons.iter().map(of).collect();
        Course { lessons, reached, running: None }
    }

    /// Goes on with the lesson that the browser has kept.
    pub fn resume(&mut self) {
        let kept = store::get(store::LESSON).unwrap_or_default();
        self.running = kept.split_once(' ').and_then(|(id, step)| {
            let lesson = self.lessons.iter().position(|l| l.id == id)?;
            Some(Running { lesson, step: step.parse().ok()?, hints: 0 })
        });
    }

    /// Begins a lesson; gives what its cluster starts from.
    pub fn start(&mut self, lesson: usize) -> Option<Base> {
        let found = self.lessons.get(lesson)?;
        let base = Base { files: found.files.iter().cloned().collect(), lines: found.setup.clone(), ..Base::default() };
        self.running = Some(Running { lesson, step: 0, hints: 0 });
        self.keep();
        Some(base)
    }

    /// Puts the lesson away.
    pub fn leave(&mut self) {
        self.running = None;
        store::remove(store::LESSON);
    }

    /// Shows one more hint.
    pub fn hint(&mut self) {
        if let Some(running) = &mut self.running {
            running.hints += 1;
        }
    }

    /// Looks whether steps were reached. Returns whether any was.
    pub fn look(&mut self, session: &Session) -> bool {
        let Some(running) = &mut self.running else { return false };
        let Some(lesson) = self.lessons.get(running.lesson) else { return false };
        let before = running.step;
        while lesson.steps.get(running.step).is_some_and(|s| s.check.iter().all(|c| c.holds(session.api()))) {
            running.step += 1;
            running.hints = 0;
        }
        let (step, index) = (running.step, running.lesson);
        if step == before {
            return false;
        }
        if let Some(reached) = self.reached.get_mut(index) {
            *reached = step.max(*reached);
        }
        self.keep();
        true
    }

    fn keep(&self) {
        let all: Vec<String> = self.lessons.iter().zip(&self.reached).map(|(l, n)| format!("{}={n}", l.id)).collect();
        store::set(store::PROGRESS, &all.join(" "));
        if let Some(running) = self.running
            && let Some(lesson) = self.lessons.get(running.lesson)
        {
            store::set(store::LESSON, &format!("{} {}", lesson.id, running.step));
        }
    }
}

/// The panel.
pub fn panel(app: &App, ctx: &Context<App>) -> Html {
    let words = app.words();
    let open = app.course.running.and_then(|r| app.course.lessons.get(r.lesson).map(|l| (r, l)));
    html! {
        <aside class="lessons" aria-label={words.lessons}>
            { match open {
                Some((running, lesson)) => one(app, ctx, running, lesson),
                None => list(app, ctx),
            } }
        </aside>
    }
}

fn list(app: &App, ctx: &Context<App>) -> Html {
    let words = app.words();
    let row = |(index, lesson): (usize, &Lesson)| {
        let reached = app.course.reached.get(index).copied().unwrap_or(0).min(lesson.steps.len());
        let done = reached == lesson.steps.len();
        html! {
            <li key={lesson.id.clone()}>
                <button class={classes!("lesson", done.then_some("done"))} onclick={ctx.link().callback(move |_| Msg::StartLesson(index))}>
                    <span class="tick" aria-hidden="true">{ if done { "✓" } else { "" } }</span>
                    <span><b>{ app.lang.pick(&lesson.title) }</b><small>{ reached }{ " / " }{ lesson.steps.len() }</small></span>
                </button>
            </li>
        }
    };
    html! {
        <>
            <h2>{ words.lessons }</h2>
            <p class="muted">{ words.lessons_intro }</p>
            <ol class="list">{ for app.course.lessons.iter().enumerate().map(row) }</ol>
        </>
    }
}

fn one(app: &App, ctx: &Context<App>, running: Running, lesson: &Lesson) -> Html {
    let words = app.words();
    let index = running.lesson;
    let next = (index + 1 < app.course.lessons.len()).then_some(index + 1);
    html! {
        <>
            <div class="row">
                <button class="chip" onclick={ctx.link().callback(|_| Msg::LeaveLesson)}>{ "← " }{ words.all_lessons }</button>
                <button class="chip" onclick={ctx.link().callback(move |_| Msg::StartLesson(index))}>{ words.again }</button>
            </div>
            <h2>{ app.lang.pick(&lesson.title) }</h2>
            <p class="muted">{ app.lang.pick(&lesson.intro) }</p>
            <ol class="list">{ for (0..lesson.steps.len()).map(|n| step(app, ctx, running, lesson, n)) }</ol>
            if running.step >= lesson.steps.len() {
                <p class="hooray" role="status">{ "🥧 " }{ words.lesson_done }</p>
                if let Some(next) = next.and_then(|n| app.course.lessons.get(n).map(|l| (n, l))) {
                    <button class="chip accent" onclick={ctx.link().callback(move |_| Msg::StartLesson(next.0))}>{ app.lang.pick(&next.1.title) }{ " →" }</button>
                }
            }
        </>
    }
}

fn step(app: &App, ctx: &Context<App>, running: Running, lesson: &Lesson, n: usize) -> Html {
    let words = app.words();
    let Some(step) = lesson.steps.get(n) else { return Html::default() };
    let (done, now) = (n < running.step, n == running.step);
    let class = classes!("step", done.then_some("done"), now.then_some("now"));
    html! {
        <li {class} aria-current={now.then_some("step")}>
            <span class="tick" aria-hidden="true">{ if done { "✓" } else { "" } }</span>
            <div>
                <b>{ app.lang.pick(&step.goal) }</b>
                if done {
                    <p>{ app.lang.pick(&step.done) }</p>
                }
                if now {
                    <p>{ app.lang.pick(&step.text) }</p>
                    { for step.hints.iter().take(running.hints).map(|h| html! { <p class="hint">{ app.lang.pick(h) }</p> }) }
                    <div class="row">
                        if running.hints < step.hints.len() {
                            <button class="chip" onclick={ctx.link().callback(|_| Msg::Hint)}>{ words.hint }</button>
                        }
                        { for step.solution.iter().cloned().map(|line| html! {
                            <button class="chip" title={line.clone()} onclick={ctx.link().callback(move |_| Msg::Type(line.clone()))}>{ words.type_it }</button>
                        }) }
                    </div>
                }
            </div>
        </li>
    }
}
