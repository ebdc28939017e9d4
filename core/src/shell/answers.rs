//! Lines whose answers are those of bash, mawk and the tools of GNU.

use super::tests::check;

#[test]
fn awk_reads_and_writes_beside_its_line() {
    for (line, out) in [
        ("awk 'function f(n){return n<2?1:n*f(n-1)} BEGIN{print f(10)}'", "3628800\n"),
        ("awk 'function fill(a){a[\"x\"]=5} BEGIN{fill(b); print b[\"x\"]}'", "5\n"),
        ("printf 'a 1\\nb 2\\n\\nc 3\\n' | awk 'BEGIN{RS=\"\"; FS=\"\\n\"} {print NR, $1}'", "1 a 1\n2 c 3\n"),
        ("printf 'a;b' | awk 'BEGIN{RS=\";\"} {print NR, $0}'", "1 a\n2 b\n"),
        ("awk 'BEGIN{\"echo x y\" | getline l; print l; while ((\"seq 2\" | getline n) > 0) s+=n; print s}'", "x y\n3\n"),
        ("seq 3 | awk '{print $1 | \"sort -rn\"} END{close(\"sort -rn\"); print \"end\"}'", "3\n2\n1\nend\n"),
        ("awk 'BEGIN{print \"b\" > \"f\"; close(\"f\"); getline l < \"f\"; print l, (getline < \"nope\")}'", "b -1\n"),
        ("seq 4 | awk 'NR==1{getline x; print x} END{print NR}'", "2\n4\n"),
        ("awk -v ORS=, 1 <<< a", "a,"),
        ("awk 'BEGIN{r=system(\"exit 3\"); print r; exit 4} END{print \"end\"}'", "3\nend\n"),
    ] {
        check(line, out, "", if line.contains("exit 4") { 4 } else { 0 });
    }
}

#[test]
fn the_sides_of_a_pipe_take_turns() {
    check("set -o pipefail; while true; do echo y; done | head -2; echo $?", "y\ny\n141\n", "", 0);
    check("set -o pipefail; seq 100000 | head -1; echo $?; seq 9 | head -1; echo $?", "1\n141\n1\n0\n", "", 0);
    check("{ yes; echo \"rc $?\" >&2; } | head -1", "y\n", "rc 141\n", 0);
    check("seq 100000 | base64 | wc -c", "795528\n", "", 0);
}

#[test]
fn bash_chooses_and_substitutes() {
    check("select x in a b; do echo \"got $x\"; break; done <<< 2", "got b\n", "1) a\n2) b\n#? ", 0);
    check("echo hi | tee >(tr a-z A-Z) >/dev/null", "HI\n", "", 0);
    check("read -u 3 z 3<<< three; mapfile -s 1 -n 1 -t r < <(seq 3); echo $z $r", "three 2\n", "", 0);
    check("printf '%q %(%F)T\\n' \"it's\" 0", "it\\'s 1970-01-01\n", "", 0);
}

#[test]
fn tools_answer_as_the_real_ones() {
    for (line, out) in [
        ("date -ud '2024-01-31 10:00 1 month ago' +%F\\ %T", "2023-12-31 10:00:00\n"),
        ("date -ud 'Mon, 15 Jan 2024 10:30:00 +0900' +%s", "1705282200\n"),
        ("TZ=Asia/Seoul date -d @0 '+%F %T %Z %z %V %_d'", "1970-01-01 09:00:00 KST +0900 01  1\n"),
        ("printf 'a\\0b\\n' | od -c", "0000000   a  \\0   b  \\n\n0000004\n"),
        ("echo hi | xxd; echo hi | xxd -p | xxd -r -p", "00000000: 6869 0a                                  hi.\nhi\n"),
        ("echo hi > f; tar czf a.tgz f; rm f; tar xzf a.tgz; cat f; tar tf a.tgz", "hi\nf\n"),
        ("echo hi | gzip | base64 | base64 -d | gunzip", "hi\n"),
        ("echo 'scale=2; 10/3; 2^10; 7%3' | bc", "3.33\n1024\n.01\n"),
        ("echo a > f; md5sum f | md5sum -c", "f: OK\n"),
        ("printf 'a\\nb\\n' > f; sed -n '/a/w g' f; cat g; sed 'R g' f; sed -z 's/\\n/,/g' f", "a\na\na\nb\na,b,"),
        ("echo abccd | sed -E 's/(.)\\1/<&>/'; echo 'id=42;' | grep -oP '(?<=id=)\\d+'", "ab<cc>d\n42\n"),
    ] {
        check(line, out, "", 0);
    }
}
