//! Programs of databases that run as ensembles, as the tutorials on StatefulSets use them: ZooKeeper, Cassandra, and MySQL
//! with its backups.

use alloc::boxed::Box;
use alloc::string::String;

use super::{Forever, first, say};
use crate::api::network::Network;
use crate::shell::container::ContainerHost;
use crate::shell::process::{ProcessContext, Started};

/// `start-zookeeper --servers=3`: writes its configuration and serves.
pub(super) fn zookeeper(args: &[String], io: &mut ProcessContext<'_>) -> Started {
    let servers = super::option(args, "--servers").and_then(|n| n.parse::<u32>().ok()).unwrap_or(1).min(99);
    let full = io.fs.read("/etc/hosts").ok().and_then(|hosts| hosts.lines().find(|l| l.contains(".svc.")).map(String::from));
    let full = full.as_deref().and_then(|line| line.split_whitespace().nth(1)).unwrap_or("zk-0");
    let (host, domain) = full.split_once('.').unwrap_or((full, ""));
    let (name, ordinal) = host.rsplit_once('-').unwrap_or((host, "0"));
    let id = ordinal.parse::<u32>().unwrap_or(0).saturating_add(1);
    let mut config = io.fs.read("/opt/zookeeper/conf/zoo.cfg").map(|text| String::from(text.as_str())).unwrap_or_default();
    if servers > 1 {
        for number in 0..servers {
            config.push_str(&alloc::format!("server.{}={name}-{number}.{domain}:2888:3888\n", number + 1));
        }
    }
    put("/opt/zookeeper/conf/zoo.cfg", &config, io);
    put("/var/lib/zookeeper/data/myid", &alloc::format!("{id}\n"), io);
    io.out("INFO  [main:QuorumPeerMain@127] - Starting quorum peer\n");
    Started::Run(Box::new(Forever))
}

/// Writes a file where the image lets its user write.
fn put(path: &str, text: &str, io: &mut ProcessContext<'_>) {
    let now_ms = i64::try_from(io.now.as_ms()).unwrap_or(0);
    let owner = io.fs.set_default_owner("root");
    let _ = io.fs.install(path, text, now_ms);
    io.fs.set_default_owner(&owner);
}

/// `zkCli.sh create /hello world`: what is made is kept by this server alone.
pub(super) fn zk_cli(_: &mut ContainerHost<'_>, args: &[String], io: &mut ProcessContext<'_>) -> i32 {
    io.out("Connecting to localhost:2181\n\nWATCHER::\n\nWatchedEvent state:SyncConnected type:None path:null\n");
    let node = args.get(1).map_or("/", String::as_str);
    let file = ["/var/lib/zookeeper/data/version-2", node].concat();
    match first(args) {
        "create" | "set" => {
            put(&file, args.get(2).map_or("", String::as_str), io);
            say(io, &["Created ", node].concat())
        }
        "get" => match io.fs.read(&file) {
            Ok(text) => say(io, &text),
            Err(_) => say(io, &["Node does not exist: ", node].concat()),
        },
        _ => 0,
    }
}

/// `nodetool status`: the nodes that the ring's name leads to.
pub(super) fn nodetool(host: &mut ContainerHost<'_>, args: &[String], io: &mut ProcessContext<'_>) -> i32 {
    if first(args) != "status" {
        return 0;
    }
    let seeds = io.env.get("CASSANDRA_SEEDS").map(String::from).unwrap_or_default();
    let ring = seeds.split_once('.').map_or("cassandra", |(_, rest)| rest);
    let mut addresses = host.resolve("", ring).addresses;
    if addresses.is_empty() {
        addresses.push(super::address(host));
    }
    io.out("Datacenter: DC1-K8Demo\n======================\nStatus=Up/Down\n|/ State=Normal/Leaving/Joining/Moving\n--  Address         Load       Tokens       Owns (effective)  Host ID                               Rack\n");
    let share = 2000 / addresses.len().max(2);
    for address in addresses {
        let hash = crate::text::sha256::hex(address.as_bytes());
        let id = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)].map(|(from, to)| hash.get(from..to).unwrap_or_default()).join("-");
        io.out(&alloc::format!(
            "UN  {address:<15} 103.25 KiB  32           {}.{}%             {id}  Rack1-K8Demo\n",
            share / 10,
            share % 10
        ));
    }
    0
}

/// `ncat`: listens for ever, or takes what there is.
pub(super) fn ncat(args: &[String], _: &mut ProcessContext<'_>) -> Started {
    if args.iter().any(|arg| arg == "--listen" || arg == "-l") { Started::Run(Box::new(Forever)) } else { Started::Done(0) }
}
