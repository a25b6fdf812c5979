#!/bin/sh
# Runs one program inside its environment, so that nothing it prints and no word on its end depend on a connection.
#
#   setsid sh supervisor run DIRECTORY TIMEOUT GRACE [USER]
#   sh supervisor stop DIRECTORY GRACE
#   sh supervisor state DIRECTORY
#   sh supervisor follow DIRECTORY OFFSET PERIOD
#
# DIRECTORY is absolute and holds this script, `program` (a script that sets the variables and executes the command) and
# `work/`, in which the program starts. TIMEOUT (0 for none) and GRACE are whole seconds. With USER, who calls is root.
#
# `run` answers with one line on its standard output, and goes on with nobody listening:
#   started | unsuitable TOOL... | not_found | full WORDS | failed WORDS
# It leaves in DIRECTORY:
#   start   made by the program's own process just before it becomes the program, as a hard link: whoever makes it is the one
#           that runs, and two never do
#   spool   what the program wrote
#   exit    how it ended, renamed into place when nothing can be written to the spool any more
#   alive.N a pipe that process N, the supervisor, keeps open as long as it lives: who reads it waits for its end
#
# `state` prints one word: not_started | running | exited | lost.
# `follow` prints the spool from byte OFFSET on to its standard output while it grows (nothing of it when OFFSET is `end`), and to its
# standard error a dot every PERIOD seconds and at last either the exit record or one of the lines `canceled`, `lost`, `not_started`.
# It ends when its standard input does, or when it has nothing left to say.
set -u
umask 077
mode=$1
directory=$2
marker=CONTAINERGROUPS_ENVIRONMENT=$directory/
newline='
'

answer() {
    printf '%s\n' "$*" >&3
}

# Sets `identity` to what tells process $1 from every other that had or will have its id; empty when it does not run.
identify() {
    identity=
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
    set -- "$1" ${stat##*) }
    case $2 in Z | X) ;; *) identity="$1 ${21}" ;; esac
}

# Sets `program` and `program_identity` from the start record; empty when nothing was started.
read_start() {
    program=
    program_identity=
    supervisor_identity=
    [ -e start ] || return 0
    while IFS='=' read -r key value; do
        case $key in
            program) program_identity=$value program=${value%% *} ;;
            supervisor) supervisor_identity=$value ;;
        esac
    done <start
}

# Sets `group` to the program's process group and session; empty when that id now belongs to somebody else. While a group has
# members the kernel gives its id to no new process, so a leader that is gone makes no danger.
find_group() {
    group=
    read_start
    [ -n "$program" ] || return 0
    identify "$program"
    if [ -z "$identity" ] || [ "$identity" = "$program_identity" ]; then group=$program; fi
}

signal_group() {
    find_group
    [ -z "$group" ] || kill "-$1" "-$group" 2>/dev/null
}

# Sets `strays` to the processes that the program left: its group and session, those that carry its marker, and, with $1, those
# that hold that pipe. The supervisor's own session is left out.
find_strays() {
    strays=
    find_group
    marked=$(grep -lszxF "$marker" /proc/[0-9]*/environ 2>/dev/null)
    # Nearly always there is nothing, and then the long way round, which takes a while on a busy machine, is saved.
    if [ -z "$marked${1-}" ] && { [ -z "$group" ] || ! kill -0 "-$group" 2>/dev/null; }; then return 0; fi
    for process in /proc/[0-9]*; do
        { read -r stat <"$process/stat"; } 2>/dev/null || continue
        id=${process#/proc/}
        # $1 state, $3 process group, $4 session
        set -- "${1-}" ${stat##*) }
        [ "$2" != Z ] && [ "$2" != X ] && [ "$5" != "$$" ] && [ "$id" != "$$" ] || continue
        case " $marked" in *"$process/environ"*) strays="$strays $id"; continue ;; esac
        if [ "$4" = "$group" ] || [ "$5" = "$group" ]; then strays="$strays $id"; continue; fi
        [ -n "$1" ] || continue
        for descriptor in "$process"/fd/*; do
            if [ "$descriptor" -ef "$1" ]; then strays="$strays $id"; break; fi
        done
    done
}

nap() {
    sleep 0.05 2>/dev/null || sleep 1
}

# Waits $1 seconds, and at most one more, for the strays to end by themselves.
await_strays() {
    # The clock shows whole seconds: the first of them is nearly over, perhaps.
    deadline=$(($(date +%s) + $1 + ($1 > 0)))
    find_strays
    while [ -n "$strays" ] && [ "$(date +%s)" -lt "$deadline" ]; do
        nap
        find_strays
    done
}

# Whether the process of an identity still runs.
lives() {
    identify "${1%% *}"
    [ -n "$identity" ] && [ "$identity" = "$1" ]
}

# Kills the strays until there are none. What can't be killed (a process stuck in the kernel) is left after a while.
kill_strays() {
    tries=0
    find_strays "${1-}"
    while [ -n "$strays" ] && [ "$tries" -lt 200 ]; do
        kill -KILL $strays 2>/dev/null
        tries=$((tries + 1))
        nap
        find_strays "${1-}"
    done
}

# Sets `kills` to how often the kernel killed in our memory control group for lack of memory.
count_oom_kills() {
    kills=0
    while IFS=: read -r _ controllers path; do
        case ",$controllers," in
            ,,) set -- "/sys/fs/cgroup$path/memory.events" /sys/fs/cgroup/memory.events ;;
            *,memory,*) set -- "/sys/fs/cgroup/memory$path/memory.oom_control" /sys/fs/cgroup/memory/memory.oom_control ;;
            *) continue ;;
        esac
        for counters; do
            [ -r "$counters" ] || continue
            while read -r key value; do
                [ "$key" = oom_kill ] && kills=$((kills + value))
            done <"$counters"
            break
        done
    done </proc/self/cgroup
}

# Sets `uptime` to hundredths of a second since the machine's start, which nobody can set; empty when that can't be read.
read_uptime() {
    uptime=
    { read -r up _ </proc/uptime; } 2>/dev/null || return 0
    case $up in *.[0-9][0-9]) uptime=${up%.*}${up#*.} ;; esac
}

# Copies the pipe to the spool. Room is reserved before anything is taken from the pipe, so on a full disk the program waits
# until there is room again, and nothing is lost. Where that can't be done (no `fallocate -n`, or a file system without it),
# up to one block is lost when the disk fills; the exit record says so.
copy_output() {
    trap '' TERM HUP
    size=0
    blocks=64
    can_reserve=
    if fallocate -n -l $((blocks * 65536)) spool 2>/dev/null || fallocate -n -l 65536 spool 2>/dev/null; then can_reserve=1; fi
    while :; do
        while [ -n "$can_reserve" ] && ! fallocate -n -o "$size" -l $((blocks * 65536)) spool 2>/dev/null; do
            if [ "$blocks" -gt 1 ]; then blocks=$((blocks / 8)); else sleep 1; fi
            [ "$blocks" -gt 0 ] || blocks=1
        done
        report=$(LC_ALL=C dd bs=65536 count="$blocks" 2>&1 >>spool) || {
            ln start damaged 2>/dev/null
            sleep 1
            continue
        }
        # "FULL+PARTIAL records in" on a line of its own; some print a warning before it.
        report=${report%% records in*}
        report=${report##*"$newline"}
        [ $((${report%+*} + ${report#*+})) -eq "$blocks" ] || return 0
        [ -z "$can_reserve" ] || size=$(stat -c %s spool)
        blocks=64
    done
}

# Ends the program when its time is up. Lives on when the supervisor dies.
limit_time() {
    pause=
    trap '[ -z "$pause" ] || kill "$pause"; exit 0' TERM
    sleep "$timeout" &
    pause=$!
    wait "$pause"
    ln start timed_out || exit 0
    signal_group TERM
    sleep "$grace" &
    pause=$!
    wait "$pause"
    signal_group KILL
}

# Overwrites the room kept for it at the start, so that it can be written on a full disk.
write_exit() {
    {
        printf 'version=1\ncode=%s\nlength=%s\n' "$code" "$length"
        printf 'timed_out=%s\noom_kills=%s\nexec_failed=%s\ndamaged=%s\nran=%s\nend=1\n' \
            "$timed_out" "$oom_kills" "$exec_failed" "$damaged" "$ran"
    } 1<>"exit.$$" && mv -f "exit.$$" exit
}

release_pipe() {
    pause=
    trap '[ -z "$pause" ] || kill "$pause"; exit 0' TERM
    sleep 2 &
    pause=$!
    wait "$pause"
    kill_strays "$directory/pipe.$$"
}

# The program's own process: leaves the start record, then becomes the program.
launch() {
    supervisor=$1
    timeout=$2
    grace=$3
    shift 3
    identify "$$"
    read -r boot </proc/sys/kernel/random/boot_id
    printf 'version=1\nsupervisor=%s\nprogram=%s\nboot=%s\ntimeout=%s\ngrace=%s\nend=1\n' \
        "$supervisor" "$identity" "$boot" "$timeout" "$grace" >"start.$$" \
        || { rm -f "start.$$"; answer full no room for the start record; exit 1; }
    # The other name is removed at the end: a program waits for every process that is started before it.
    if ! ln "start.$$" start 2>/dev/null; then
        rm -f "start.$$"
        [ -e start ] && answer started || answer failed the start record can not be linked
        exit 1
    fi
    answer started
    cd work || exit 1
    umask 022
    unset OLDPWD CONTAINERGROUPS_SUPERVISOR
    export CONTAINERGROUPS_ENVIRONMENT="$directory/"
    exec "$@" sh ../program run 3>&-
}

# Fills the environment's directory with what one run needs, or answers why that can't be.
prepare() {
    missing=
    for tool in setsid mkfifo dd ln mv rm wc date sleep grep ${user:+chown id setpriv}; do
        command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
    done
    [ -z "$missing" ] || { answer "unsuitable$missing"; exit 1; }
    [ -r /proc/self/stat ] || { answer unsuitable /proc; exit 1; }
    [ ! -e "pipe.$$" ] && [ ! -e "exit.$$" ] && [ ! -e "alive.$$" ] || discard
    make_files 2>/dev/null || words=$(discard; make_files 2>&1) || {
        discard
        case $words in *'No space'* | *uota*) answer full "$words" ;; *) answer failed "$words" ;; esac
        exit 1
    }
    [ -z "$user" ] || chown "$user" "pipe.$$"
}

make_files() {
    printf '%4095s\n' '' >"exit.$$" && : >>spool && mkfifo "pipe.$$" "alive.$$"
}

discard() {
    rm -f "pipe.$$" "exit.$$" "alive.$$"
}

run() {
    timeout=$3
    grace=$4
    user=${5-}
    exec 3>&1 >/dev/null 2>&1 </dev/null
    cd "$directory" || { answer failed the directory "$directory" can not be entered; exit 1; }
    [ ! -e start ] || { answer started; exit 0; }
    if [ -n "$user" ]; then
        set -- setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups --
    else
        set --
    fi
    prepare
    (cd work && exec "$@" sh ../program check 3>&-) || { discard; answer not_found; exit 1; }
    identify "$$"
    supervisor=$identity
    count_oom_kills
    oom_before=$kills
    copy_output <"pipe.$$" 3>&- &
    copier=$!
    timer=
    if [ "$timeout" -gt 0 ]; then
        limit_time 3>&- &
        timer=$!
    fi
    # Opened after those two were started, so that it is this shell's alone; `launch` closes it.
    exec 4<>"alive.$$"
    # This shell lives to write the exit record even when its whole control group is told to end.
    trap : TERM HUP INT
    # In the foreground: a shell lets what it runs in the background ignore SIGINT, and the program would inherit that. In a
    # shell of its own: some shells open the pipe themselves else, and write into it how the program ended.
    read_uptime
    began=$uptime
    (exec setsid sh ./supervisor launch "$directory" "$supervisor" "$timeout" "$grace" "$@" >"pipe.$$" 2>&1 4>&-)
    code=$?
    read_uptime
    ran=
    [ -z "$began" ] || [ -z "$uptime" ] || ran=$((uptime - began))
    exec 3>&-
    [ -z "$timer" ] || kill "$timer" 2>/dev/null
    read_start
    if [ "$supervisor_identity" != "$supervisor" ]; then
        discard
        exit 1
    fi
    finish
}

# Makes the output final, then tells how the program ended.
finish() {
    if [ -e stopping ] || [ -e timed_out ]; then await_strays "$grace"; fi
    kill_strays
    # The copier ends with the pipe's last writer. One that escaped both its group and its marker is found by the pipe itself.
    guard=
    identify "$copier"
    if [ -n "$identity" ]; then
        release_pipe 4>&- &
        guard=$!
    fi
    wait "$copier"
    copied=$?
    # A signal interrupts the wait.
    while [ "$copied" -gt 128 ] && kill -0 "$copier" 2>/dev/null; do
        wait "$copier"
        copied=$?
    done
    [ "$copied" -eq 0 ] || ln start damaged 2>/dev/null
    [ -z "$guard" ] || kill "$guard" 2>/dev/null
    count_oom_kills
    oom_kills=$((kills - oom_before))
    length=$(stat -c %s spool 2>/dev/null || wc -c <spool)
    length=$((length))
    timed_out=0
    damaged=0
    exec_failed=0
    [ ! -e timed_out ] || timed_out=1
    [ ! -e damaged ] || damaged=1
    [ ! -e work/.containergroups-exec-failed ] || exec_failed=1
    until write_exit; do sleep 1; done
    rm -f "pipe.$$" "alive.$$" "start.${program:-0}" program
}

# Ends the program politely, then by force, and returns when its exit record is there or nothing of it runs. Fails when something
# can't be killed.
stop() {
    grace=$3
    cd "$directory" || exit 1
    [ ! -e exit ] || exit 0
    printf 'version=1\ncanceled=1\nend=1\n' >"start.$$" && ln "start.$$" start 2>/dev/null
    rm -f "start.$$"
    read_start
    [ -n "$program" ] || exit 0
    ln start stopping 2>/dev/null
    find_strays
    signal_group TERM
    [ -z "$strays" ] || kill -TERM $strays 2>/dev/null
    await_strays "$grace"
    kill_strays
    supervised=${supervisor_identity%% *}
    identify "${supervised:-0}"
    tries=0
    while [ ! -e exit ] && [ "$tries" -lt 200 ] && [ -n "$identity" ] && [ "$identity" = "$supervisor_identity" ]; do
        tries=$((tries + 1))
        nap
        identify "$supervised"
    done
    find_strays
    [ -z "$strays" ]
}

state() {
    cd "$directory" 2>/dev/null && [ -e start ] || { echo not_started; return; }
    read_start
    # Without its supervisor a program goes on to its end, for half a playbook is worse than one whose end is not known.
    if [ ! -e exit ] && [ -n "$program" ]; then
        if lives "$supervisor_identity" || lives "$program_identity"; then echo running; return; fi
        # The record may have come between the two looks.
        [ -e exit ] || { echo lost; return; }
    fi
    echo exited
}

# Returns when the supervisor has ended: at once when it did before, for then the pipe's other end is the one opened here.
await_supervisor() {
    alive=alive.${supervisor_identity%% *}
    [ -p "$alive" ] || return 0
    : >"$alive" &
    read -r _ <"$alive"
}

# Says how the program ended, when it has.
tell_end() {
    if [ -n "$program" ]; then await_supervisor 2>/dev/null; fi
    while [ ! -e exit ] && [ -n "$program" ] && lives "$program_identity"; do sleep 1; done
    if [ -e exit ]; then
        cat exit >&2
    elif [ -z "$program" ]; then
        echo canceled >&2
    else
        echo lost >&2
    fi
}

beat() {
    # What outlives its caller for a moment must not hold the connection's ends.
    while sleep "$1" >/dev/null 2>&1; do echo . >&2; done
}

follow() {
    offset=$3
    period=$4
    cd "$directory" 2>/dev/null && [ -e start ] || { echo not_started >&2; return; }
    read_start
    # Some versions of tail take a file that is shorter than asked for one that was cut off, and begin at its first byte.
    while [ "$offset" != end ] && [ -n "$program" ] && [ ! -e exit ] && [ "$(wc -c <spool)" -lt "$offset" ]; do nap; done
    if [ -e exit ] || [ -z "$program" ]; then
        [ "$offset" = end ] || [ ! -e spool ] || tail -c "+$((offset + 1))" spool
        tell_end
        return
    fi
    reader=
    if [ "$offset" != end ]; then
        tail -c "+$((offset + 1))" -f spool &
        reader=$!
    fi
    tell_end &
    teller=$!
    beat "$period" &
    heart=$!
    # Who listens hangs up when everything has come, or is cut off.
    cat >/dev/null
    kill $reader "$teller" "$heart" 2>/dev/null
}

case $mode in
    run) run "$@" ;;
    stop) stop "$@" ;;
    state) state ;;
    follow) follow "$@" ;;
    launch)
        shift 2
        launch "$@"
        ;;
esac
