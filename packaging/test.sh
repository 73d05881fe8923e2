#!/usr/bin/env bash
# The life of the Debian package on this machine: built, installed over nothing, checked and run as the
# service's user against throw-away Dovecot and Postfix, upgraded with a store, removed (state kept),
# installed again (all there), purged (all gone). Needs root on Debian with Dovecot and Postfix; all traffic
# is on loopback, and only what this script started is stopped.
#   DEB        a package to test; else it is built
#   PREVIOUS   an older package to upgrade from; else the same program under a lower version
set -euo pipefail
cd "$(dirname "$0")/.."

[ "$(id -u)" = 0 ] || { echo 'packaging/test.sh needs root: it installs a package' >&2; exit 1; }
! dpkg-query -W -f '${Status}' whyloop 2>/dev/null | grep -q installed || { echo 'whyloop is installed here already: nothing is touched' >&2; exit 1; }
for d in /etc/whyloop /var/lib/whyloop; do
  [ ! -e $d ] || { echo "$d is there already: nothing is touched" >&2; exit 1; }
done

work=$(mktemp -d)
chmod 755 "$work"
servers=$work/servers
had_user=$(getent passwd whyloop || true)
daemon=
listener=

# The servers on ports of their own, so that this can run beside .ci/real-servers.
mkdir "$work/ci"
for f in .ci/servers/*.sh; do
  sed -E 's/\b11(143|993|024|025|587|800)\b/13\1/g' "$f" >"$work/ci/${f##*/}"
  chmod 755 "$work/ci/${f##*/}"
done

step() { printf -- '\n-- %s (%ss)\n' "$*" "$SECONDS"; }
fail() { echo "FAIL: $*" >&2; exit 1; }

stop_daemon() {
  [ -n "$daemon" ] || return 0
  kill -TERM "$daemon" 2>/dev/null || true
  wait "$daemon" 2>/dev/null || true
  daemon=
}

cleanup() {
  code=$?
  set +e
  [ $code = 0 ] || { [ ! -f "$work/log" ] || { echo '-- the daemon said:'; tail -n 30 "$work/log"; echo '-- the servers said:'; tail -n 20 "$servers"/pf/maillog "$servers"/dovecot.log; }; }
  stop_daemon
  [ -z "$listener" ] || kill "$listener" 2>/dev/null
  [ ! -d "$servers" ] || "$work/ci/down.sh" "$servers"
  dpkg --purge whyloop >/dev/null 2>&1
  [ -n "$had_user" ] || userdel whyloop 2>/dev/null
  rm -rf "$work"
  exit $code
}
trap cleanup EXIT

# as PROGRAM...: what sudo -u whyloop would do.
as() { runuser -u whyloop -- "$@"; }

# The unit's ExecStart, by hand: no systemd runs the machine of a CI. A listener stands in for it.
start_daemon() {
  local exec
  exec=$(sed -n 's/^ExecStart=//p' /usr/lib/systemd/system/whyloop.service)
  rm -f "$work/notify" "$work/heard"
  perl -MSocket -e '
    socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die $!; bind($s, pack_sockaddr_un($ARGV[0])) or die $!;
    chmod 0666, $ARGV[0]; open(my $o, ">", $ARGV[1]) or die $!; $o->autoflush(1);
    while (defined recv($s, my $m, 4096, 0)) { print $o "$m\n" }' "$work/notify" "$work/heard" &
  listener=$!
  wait_for 5 test -S "$work/notify"
  # shellcheck disable=SC2086 # the words of ExecStart
  NOTIFY_SOCKET=$work/notify WATCHDOG_USEC=3000000 setpriv --reuid whyloop --regid whyloop --clear-groups --no-new-privs \
    --bounding-set=-all --inh-caps=-all $exec >>"$work/log" 2>&1 &
  daemon=$!
  wait_for 10 grep -q READY=1 "$work/heard"
  wait_for 10 grep -q WATCHDOG=1 "$work/heard"
}

end_daemon() {
  stop_daemon
  wait_for 5 grep -q STOPPING=1 "$work/heard"
  kill "$listener" 2>/dev/null || true
  wait "$listener" 2>/dev/null || true
  listener=
}

# wait_for SECONDS COMMAND...
wait_for() {
  local until=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $until ] || fail "waited in vain for: $*"
    sleep 0.1
  done
}

# get PATH: from the daemon's health address.
get() {
  exec 5<>/dev/tcp/127.0.0.1/13465
  printf 'GET %s HTTP/1.0\r\n\r\n' "$1" >&5
  cat <&5
  exec 5<&-
}

letters() { grep -lr "$1" "$servers/mail/sam@demo.test/Maildir/new" "$servers/mail/sam@demo.test/Maildir/cur" 2>/dev/null; }
stage() { whyloopctl rep list | awk '$1 == "sam@demo.test" { print $3 }'; }
mode() { stat -c '%a %U' "$1"; }
expect() { [ "$2" = "$3" ] || fail "$1: $2, want $3"; }

# reply FILE WORDS: answers a letter as a mail program would, over SMTP.
reply() {
  local to id
  to=$(sed -nE 's/^Reply-To:.*<([^>]*)>.*/\1/p' "$1" | head -n 1)
  id=$(sed -nE 's/^Message-ID: *(<.*>).*/\1/Ip' "$1" | head -n 1)
  [ -n "$id" ] || fail "no Message-ID in $1"
  {
    printf 'EHLO sam\r\nMAIL FROM:<sam@demo.test>\r\nRCPT TO:<%s>\r\nDATA\r\n' "${to:-coach@demo.test}"
    printf 'From: Sam <sam@demo.test>\r\nTo: <%s>\r\nSubject: Re: A question\r\nMessage-ID: <%s.%s@demo.test>\r\n' "${to:-coach@demo.test}" "$RANDOM" "$SECONDS"
    printf 'In-Reply-To: %s\r\nReferences: %s\r\nDate: %s\r\n\r\n%s\r\n.\r\nQUIT\r\n' "$id" "$id" "$(date -R)" "$2"
  } >"$work/smtp"
  exec 6<>/dev/tcp/127.0.0.1/13025
  local line
  while IFS= read -r -u 6 -t 5 line && [[ $line != 220\ * ]]; do :; done
  in_data=
  while IFS= read -r line; do
    printf '%s\n' "$line" >&6
    case $line in
      EHLO* | MAIL* | RCPT* | DATA* | .$'\r' | QUIT*)
        [ -z "$in_data" ] || [ "$line" = $'.\r' ] || [ "$line" = $'QUIT\r' ] || continue
        while IFS= read -r -u 6 -t 5 answer; do [[ $answer == ???-* ]] || break; done
        [[ $answer == [23]* ]] || fail "SMTP: $answer after $line"
        [[ $line != DATA* ]] || in_data=yes
        ;;
    esac
  done <"$work/smtp"
  exec 6<&-
}

configure() {
  local f=/etc/whyloop/whyloop.toml
  as sh -c 'umask 077; echo pw >/etc/whyloop/password'
  cat >"$work/toml" <<EOF
[mailbox]
address = "coach@demo.test"
[imap]
server = "127.0.0.1"
port = 13993
ca_file = "$work/cert.pem"
password_file = "password"
[smtp]
server = "127.0.0.1"
port = 13587
ca_file = "$work/cert.pem"
password_file = "password"
[contact]
name = "Ines"
address = "ines@demo.test"
[care]
helpline = "Samaritans, 116 123"
[store]
$(grep -E '^(path|key_file) = ' $f)
[hours]
from = "00:00"
to = "23:59"
workdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
[policy]
think_time = "0s"
[trust]
check_dkim = false
[health]
listen = "127.0.0.1:13465"
EOF
  cat "$work/toml" >$f # keeps the file's owner and mode
}

step 'build'
if [ -z "${DEB:-}" ]; then
  DIST=$work/dist packaging/build.sh "$(dpkg --print-architecture)"
  DEB=$(echo "$work"/dist/whyloop_*.deb)
fi
if [ -z "${PREVIOUS:-}" ]; then
  mkdir "$work/unpacked"
  dpkg-deb -R "$DEB" "$work/unpacked"
  sed -i 's/^Version: .*/Version: 0.0.1/' "$work/unpacked/DEBIAN/control"
  dpkg-deb -Znone -b --root-owner-group "$work/unpacked" "$work/previous.deb" >/dev/null
  PREVIOUS=$work/previous.deb
fi

step 'the unit'
systemd-analyze security --offline=true --threshold=20 packaging/systemd/whyloop.service | tail -n 1

step 'install'
dpkg -i "$PREVIOUS"
expect 'configuration' "$(mode /etc/whyloop/whyloop.toml)" '600 whyloop'
expect 'its folder' "$(mode /etc/whyloop)" '700 whyloop'
expect 'state' "$(mode /var/lib/whyloop)" '700 whyloop'
whyloop version
man -w whyloop >/dev/null 2>&1 || [ -s /usr/share/man/man1/whyloop.1.gz ] || [ -e /etc/dpkg/dpkg.cfg.d/docker ] || fail 'no manual page'
! whyloopctl check >"$work/check" || fail 'an unfilled configuration passed'
sed -n 1,3p "$work/check"

# The installed unit: its words are known, and its programs are there.
systemd-analyze verify --man=no /usr/lib/systemd/system/whyloop.service

step 'configure, check'
"$work/ci/up-dovecot.sh" "$servers"
"$work/ci/up-postfix.sh" "$servers"
cp "$servers/cert.pem" "$work/cert.pem"
chmod 644 "$work/cert.pem"
echo pw | whyloopctl init --address coach@demo.test --imap 127.0.0.1:13993/tls --smtp 127.0.0.1:13587/starttls --ca-file "$work/cert.pem" \
  --contact 'Ines <ines@demo.test>' --helpline 'Samaritans, 116 123' --secret-stdin
expect 'the configuration that init filled in' "$(mode /etc/whyloop/whyloop.toml)" '600 whyloop'
expect 'the password' "$(mode /etc/whyloop/password)" '600 whyloop'
! whyloopctl init --address other@demo.test || fail 'init overwrote a configuration'
whyloopctl check
configure
whyloopctl check --json --no-mail >/dev/null
expect 'store' "$(mode /var/lib/whyloop/whyloop.db)" '600 whyloop'

step 'people'
printf '%s\n' 'name,address,manager_name,manager_address,zone' 'Pat,pat@demo.test,Dana,dana@demo.test,Etc/UTC' >"$work/people.csv"
chmod 644 "$work/people.csv"
whyloopctl rep import --dry-run "$work/people.csv"
whyloopctl rep import --send "$work/people.csv"
whyloopctl rep edit pat@demo.test --name Patricia --zone Europe/London
whyloopctl rep show pat@demo.test | head -n 5
whyloopctl rep pause pat@demo.test --days 3
whyloopctl rep resume pat@demo.test
whyloopctl rep export pat@demo.test /var/lib/whyloop/export
expect 'an export' "$(mode /var/lib/whyloop/export)" '700 whyloop'
whyloopctl rep stop pat@demo.test
whyloopctl rep forget pat@demo.test --yes
whyloopctl outbox list
whyloopctl letters list | tail -n 1
whyloopctl letters lint

step 'enrol, run, answer'
whyloopctl rep add sam@demo.test --name Sam --manager 'Dana <dana@demo.test>' --zone Etc/UTC
start_daemon
wait_for 30 letters 'Would you like to try'
get /readyz | tail -n 1
sed -nE 's/^VmRSS:[[:space:]]*/memory: /p' "/proc/$daemon/status"
get /metrics | grep -c '^whyloop_' | sed 's/$/ metrics/'
reply "$(letters 'Would you like to try' | head -n 1)" 'yes'
wait_for 90 letters 'goal you'
echo "stage: $(stage)"
expect 'stage' "$(stage)" goal

step 'watch'
whyloopctl status
whyloopctl due
whyloopctl outbox list
whyloopctl held list
whyloopctl rep why-silent sam@demo.test
get /metrics | grep -E '^whyloop_last_success_timestamp_seconds|^whyloop_disk'

step 'reload: a bad configuration is refused, a good one taken up'
reload=$(sed -n 's/^ExecReload=//p' /usr/lib/systemd/system/whyloop.service)
sed -i 's/^\[care\]/[caer]/' /etc/whyloop/whyloop.toml
sh -c "MAINPID=$daemon; $reload"
wait_for 10 grep -q RELOADING=1 "$work/heard"
wait_for 10 grep -q 'STATUS=ready, but configuration: refused at the last reload' "$work/heard"
grep 'reload refused' "$work/log"
sed -i 's/^\[caer\]/[care]/; s/^name = "Ines"/name = "Nadia"/' /etc/whyloop/whyloop.toml
sh -c "MAINPID=$daemon; $reload"
wait_for 10 grep -q 'goes on with another configuration' "$work/log"
expect 'readyz' "$(get /readyz | tail -n 1)" ready

whyloopctl key rotate
sh -c "MAINPID=$daemon; $reload"
wait_for 10 sh -c "[ \"\$(grep -c 'goes on with another configuration' $work/log)\" = 2 ]"
whyloopctl key list

step 'back up'
whyloopctl backup /var/lib/whyloop/backups
expect 'backups' "$(mode /var/lib/whyloop/backups)" '700 whyloop'
! whyloopctl restore /var/lib/whyloop/backups/whyloop-*.db || fail 'restored over a running daemon'

step 'upgrade'
dpkg -i "$DEB"
end_daemon # on a machine run by systemd the package restarts it
start_daemon
expect 'stage after the upgrade' "$(stage)" goal
reply "$(letters 'goal you' | head -n 1)" 'Close the Acme deal before Christmas'
wait_for 90 letters 'What will that get you'
expect 'stage' "$(stage)" why
end_daemon

step 'restore'
whyloopctl restore /var/lib/whyloop/backups/whyloop-*.db
expect 'stage, as at the backup' "$(stage)" goal
whyloopctl restore "$(ls -d /var/lib/whyloop/whyloop.db.before-* | head -n 1)"
expect 'stage' "$(stage)" why

step 'remove: state kept'
before=$(sha256sum /var/lib/whyloop/whyloop.db /var/lib/whyloop/whyloop.key /etc/whyloop/whyloop.toml /etc/whyloop/password)
dpkg -r whyloop
[ ! -e /usr/bin/whyloop ] || fail 'the program is still there'
expect 'state after removal' "$(sha256sum /var/lib/whyloop/whyloop.db /var/lib/whyloop/whyloop.key /etc/whyloop/whyloop.toml /etc/whyloop/password)" "$before"
ls -l /var/lib/whyloop

step 'install again: all there'
dpkg -i "$DEB" | grep -v '^$' | tail -n 1
expect 'stage after the return' "$(stage)" why
expect 'configuration' "$(mode /etc/whyloop/whyloop.toml)" '600 whyloop'

step 'purge: all gone'
dpkg --purge whyloop
for d in /etc/whyloop /var/lib/whyloop /usr/share/whyloop /usr/share/doc/whyloop; do
  [ ! -e $d ] || fail "$d is still there"
done

step 'done'
echo '1 passed, 0 failed'
