//! The line the learner types: words, quotes, pipes, redirects, loops and small tools, as cloneable values that
//! never block. Never: what kubectl does (the host starts it), what the page shows.

pub mod process;
