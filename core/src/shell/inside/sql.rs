//! `mysql`, `mysqladmin`, `psql` and `pg_isready`: connecting, and the few questions that need no table. Whatever
//! needs tables is refused aloud: there are none.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::api::network::{NetAnswer, NetRequest};
use crate::shell::process::{Io, Poll, Process, ProcessContext, Started, Wake};

/// A client of one of the two.
#[derive(Clone, Default)]
struct Client {
    program: &'static str,
    host: String,
    port: u16,
    password: Option<String>,
    statements: Vec<String>,
    pending: String,
    connected: bool,
    prompted: bool,
}

/// Reads a command line and begins.
pub(super) fn start(program: &'static str, args: &[String], io: &mut ProcessContext<'_>) -> Started {
    let mysql = program.starts_with("mysql");
    let mut client = Client { program, port: if mysql { 3306 } else { 5432 }, ..Client::default() };
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let (name, given) = arg.split_once('=').filter(|_| arg.starts_with("--")).map_or((arg.as_str(), None), |(n, v)| (n, Some(v)));
        let mut value = || given.map(ToString::to_string).or_else(|| rest.next().cloned()).unwrap_or_default();
        match name {
            "-h" | "--host" => client.host = value(),
            "-P" | "--port" => client.port = value().parse().unwrap_or(client.port),
            "-p" if !mysql => client.port = value().parse().unwrap_or(client.port),
            "-u" | "--user" | "-U" | "--username" | "-d" | "--dbname" | "-D" | "--database" => drop(value()),
            "-e" | "--execute" | "-c" | "--command" => client.statements.push(value()),
            "--password" => client.password = given.map(ToString::to_string),
            "-l" | "--list" if !mysql => client.statements.push("\\l".to_string()),
            "--version" | "-V" => {
                io.out(match program {
                    "psql" => "psql (PostgreSQL) 18.0 (Debian 18.0-1.pgdg13+3)\n",
                    "pg_isready" => "pg_isready (PostgreSQL) 18.0 (Debian 18.0-1.pgdg13+3)\n",
                    _ => "mysql  Ver 8.4.6 for Linux on x86_64 (MySQL Community Server - GPL)\n",
                });
                return Started::Done(0);
            }
            word if mysql && word.starts_with("-p") => client.password = word.get(2..).filter(|p| !p.is_empty()).map(ToString::to_string),
            word if mysql && word.starts_with("-u") || word.starts_with("-U") => {}
            word if word.starts_with("-h") => client.host = word.get(2..).unwrap_or_default().to_string(),
            "ping" | "status" | "version" if program == "mysqladmin" => client.statements.push(name.to_string()),
            _ => {}
        }
    }
    Started::Run(Box::new(client))
}

impl Client {
    fn local(&self) -> bool {
        self.host.is_empty() || matches!(self.host.as_str(), "localhost" | "127.0.0.1")
    }

    /// Connects; `None`: not known yet.
    fn connect(&self, io: &mut Io<'_>) -> Option<Result<(), (String, i32)>> {
        let host = if self.host.is_empty() { "127.0.0.1" } else { &self.host };
        let request = NetRequest { host: host.to_string(), port: self.port, http: false, ..NetRequest::default() };
        let answer = match io.host.network() {
            Some(network) => network.request(&request)?,
            None => NetAnswer::Refused,
        };
        let there = matches!(answer, NetAnswer::Open | NetAnswer::Http { .. });
        if self.program == "pg_isready" {
            let place = if self.host.is_empty() { "/var/run/postgresql" } else { &self.host };
            io.out(&alloc::format!("{place}:{} - {}\n", self.port, if there { "accepting connections" } else { "no response" }));
            return Some(if there { Ok(()) } else { Err((String::new(), 2)) });
        }
        if there {
            return Some(self.log_in(io));
        }
        let (host, port) = (&self.host, self.port);
        Some(Err(match (self.program, &answer) {
            ("psql", NetAnswer::Unresolved) => {
                (alloc::format!("psql: error: could not translate host name \"{host}\" to address: Name or service not known\n"), 2)
            }
            ("psql", _) if self.host.is_empty() => (
                "psql: error: connection to server on socket \"/var/run/postgresql/.s.PGSQL.5432\" failed: No such file or directory\n\tIs the server running locally and accepting connections on that socket?\n".to_string(),
                2,
            ),
            ("psql", _) => (
                alloc::format!("psql: error: connection to server at \"{host}\", port {port} failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?\n"),
                2,
            ),
            (_, NetAnswer::Unresolved) => (alloc::format!("ERROR 2005 (HY000): Unknown MySQL server host '{host}' (-2)\n"), 1),
            _ if self.host.is_empty() => (
                "ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)\n".to_string(),
                1,
            ),
            (_, NetAnswer::TimedOut) => (alloc::format!("ERROR 2003 (HY000): Can't connect to MySQL server on '{host}:{port}' (110)\n"), 1),
            _ => (alloc::format!("ERROR 2003 (HY000): Can't connect to MySQL server on '{host}:{port}' (111)\n"), 1),
        }))
    }

    /// A server in this container knows its password by its environment; another Pod's takes every password.
    fn log_in(&self, io: &mut Io<'_>) -> Result<(), (String, i32)> {
        if self.program == "psql" {
            return Ok(());
        }
        if self.password.is_some() {
            io.err(&alloc::format!("{}: [Warning] Using a password on the command line interface can be insecure.\n", self.program));
        }
        let wanted = io.env.get("MYSQL_ROOT_PASSWORD").unwrap_or_default();
        if !self.local() || self.password.as_deref().unwrap_or_default() == wanted {
            return Ok(());
        }
        let using = if self.password.is_some() { "YES" } else { "NO" };
        Err(match self.program {
            "mysqladmin" => (
                alloc::format!(
                    "mysqladmin: connect to server at 'localhost' failed\nerror: 'Access denied for user 'root'@'localhost' (using password: {using})'\n"
                ),
                1,
            ),
            _ => (alloc::format!("ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: {using})\n"), 1),
        })
    }

    fn ask(&self, statement: &str, io: &mut Io<'_>) -> i32 {
        let asked: String = statement.split_whitespace().collect::<Vec<_>>().join(" ").to_ascii_lowercase();
        let asked = asked.trim_end_matches([';', ' ']);
        if asked.is_empty() {
            return 0;
        }
        if self.program == "mysqladmin" {
            io.out("mysqld is alive\n");
            return 0;
        }
        let mysql = self.program == "mysql";
        let one = |head: &str, value: &str| (head.to_string(), Vec::from([value.to_string()]));
        let number = asked.strip_prefix("select ").filter(|n| n.parse::<i64>().is_ok());
        let found = match (asked, mysql) {
            ("show databases", true) => {
                let names = ["information_schema", "mysql", "performance_schema", "sys"];
                ("Database".to_string(), names.iter().map(ToString::to_string).collect())
            }
            ("select version()", true) => one("version()", "8.4.6"),
            ("select version()", false) => one("version", "PostgreSQL 18.0 (Debian 18.0-1.pgdg13+3) on x86_64-pc-linux-gnu"),
            ("select user()" | "select current_user()", true) => one(asked.trim_start_matches("select "), "root@localhost"),
            ("select current_user", false) => one("current_user", "postgres"),
            ("\\l", false) => ("Name".to_string(), ["postgres", "template0", "template1"].iter().map(ToString::to_string).collect()),
            _ => match number {
                Some(n) => one(if mysql { n } else { "?column?" }, n),
                None => {
                    io.err("kubepie: this server is simulated without tables; it answers SELECT 1, SELECT version() and the list of databases\n");
                    return 1;
                }
            },
        };
        let text = table(&found.0, &found.1, mysql, io.stdout_is_terminal);
        io.out(&text);
        0
    }
}

/// One column of rows, as each client draws it.
fn table(head: &str, rows: &[String], mysql: bool, terminal: bool) -> String {
    let width = rows.iter().map(String::len).chain([head.len()]).max().unwrap_or(0);
    let all = core::iter::once(head).chain(rows.iter().map(String::as_str));
    if mysql && !terminal {
        return all.map(|row| [row, "\n"].concat()).collect();
    }
    if mysql {
        let line = ["+", &"-".repeat(width + 2), "+\n"].concat();
        let mut drawn: Vec<String> = all.map(|row| alloc::format!("| {row:width$} |\n")).collect();
        drawn.insert(0, line.clone());
        drawn.insert(2, line.clone());
        drawn.push(line);
        let count = rows.len();
        return [drawn.concat(), alloc::format!("{count} row{} in set (0.00 sec)\n\n", if count == 1 { "" } else { "s" })].concat();
    }
    let numbers = rows.iter().all(|row| row.parse::<i64>().is_ok());
    let cells: String =
        rows.iter().map(|row| if numbers { alloc::format!(" {row:>width$}\n") } else { alloc::format!(" {row}\n") }).collect();
    let count = rows.len();
    alloc::format!(" {head:^width$} \n{}\n{cells}({count} row{})\n\n", "-".repeat(width + 2), if count == 1 { "" } else { "s" })
}

impl Process for Client {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        if !self.connected {
            match self.connect(io) {
                None => return Poll::Wait(Wake::At(io.now + 1)),
                Some(Err((why, code))) => {
                    io.err(&why);
                    return Poll::Done(code);
                }
                Some(Ok(())) if self.program == "pg_isready" => return Poll::Done(0),
                Some(Ok(())) => self.connected = true,
            }
        }
        if !self.statements.is_empty() {
            let all = self.statements.join(";");
            let code = all.split(';').map(|one| self.ask(one, io)).find(|code| *code != 0);
            return Poll::Done(code.unwrap_or(0));
        }
        loop {
            if io.stdout_is_terminal && !self.prompted {
                io.out(if self.program == "psql" { "postgres=# " } else { "mysql> " });
                self.prompted = true;
            }
            let Some(line) = io.stdin.take_line() else {
                return if io.stdin.is_eof() { Poll::Done(0) } else { Poll::Wait(Wake::Input) };
            };
            self.prompted = false;
            if matches!(line.trim().trim_end_matches(';'), "exit" | "quit" | "\\q") {
                if self.program == "mysql" && io.stdout_is_terminal {
                    io.out("Bye\n");
                }
                return Poll::Done(0);
            }
            self.pending.push_str(&line);
            if self.pending.len() > 65_536 {
                self.pending.clear();
            }
            if line.trim_start().starts_with('\\') || self.pending.contains(';') {
                let statement = core::mem::take(&mut self.pending);
                self.ask(&statement, io);
            }
        }
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_as_each_client_draws_them() {
        let rows = ["1".to_string()];
        assert_eq!(table("1", &rows, true, false), "1\n1\n");
        assert_eq!(table("1", &rows, true, true), "+---+\n| 1 |\n+---+\n| 1 |\n+---+\n1 row in set (0.00 sec)\n\n");
        assert_eq!(table("?column?", &rows, false, false), " ?column? \n----------\n        1\n(1 row)\n\n");
    }
}
