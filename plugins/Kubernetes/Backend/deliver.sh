# Takes a job's files from standard input, proves them whole and starts the supervisor; prints one line, the supervisor's answer. After
# `started` it goes on as the supervisor's `follow`, so that a short job takes one connection in all.
#
#   sh -c THIS sh DIRECTORY TIMEOUT GRACE PERIOD
#
# The input begins with a line of four numbers and a hash: the lengths of the supervisor, the program and the payload, then the payload's
# SHA-256, then the SHA-256 of the first two together. It is never read past its announced end, which some protocols can't mark.
set -u
umask 077
directory=$1
timeout=$2
grace=$3
period=$4
staging=

# The files are not needed any more, or not whole.
clean() {
    [ -z "$staging" ] || { cd "$directory" && rm -rf "$staging"; }
}

started() {
    clean
    trap - EXIT
    echo started
    exec sh "$directory/supervisor" follow "$directory" 0 "$period"
}

answer() {
    printf '%s\n' "$*"
    # Who ends before its input does may never be heard to have ended: some container runtimes wait for the rest to be taken.
    cat >/dev/null
    exit 0
}

# Answers with a tool's own words.
refuse() {
    case $* in *'No space'* | *uota*) answer full "$*" ;; *) answer failed "$*" ;; esac
}

missing=
for tool in cat dd id mkdir mkfifo mv rm setsid sha256sum tail tar; do
    command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
done
[ -z "$missing" ] || answer "unsuitable$missing"
words=$(mkdir -p "$directory" 2>&1) || answer unwritable "$words"
cd "$directory" || answer unwritable "$directory can not be entered"
[ ! -e start ] || started

staging=incoming.$$
trap clean EXIT
trap 'exit 1' TERM HUP INT
words=$(mkdir "$staging" 2>&1) || refuse "$words"
cd "$staging" || exit 1

# Whole blocks only, and never more than was announced.
take() {
    [ "$1" -lt 65536 ] || dd bs=65536 count=$(($1 / 65536)) iflag=fullblock 2>>errors
    [ $(($1 % 65536)) -eq 0 ] || dd bs=$(($1 % 65536)) count=1 iflag=fullblock 2>>errors
}

sum() {
    set -- $(sha256sum)
    printf %s "$1"
}

read -r supervisor program payload payload_sum scripts_sum || answer broken it ends before it begins
{ take "$supervisor" >supervisor && take "$program" >program && take "$payload" >payload; } || refuse "$(tail -n 1 errors)"
[ "$(cat supervisor program | sum)" = "$scripts_sum" ] || answer broken the scripts have another hash
[ "$(sum <payload)" = "$payload_sum" ] || answer broken the payload has another length or hash
mkdir work
if [ "$payload" -gt 0 ]; then
    words=$(umask 022 && tar -x -p -o -f payload -C work 2>&1) || refuse "$words"
fi
rm -f payload errors
# Two deliveries bring the same files; the work directory is there whole or not at all.
mv -f supervisor program .. || answer failed the scripts can not be moved
mv -T work ../work 2>/dev/null || [ -d ../work ] || mv work ../work || answer failed the work directory can not be moved
# A cluster may give a user that the image does not know, without a home. Ansible writes to its home, and ssh asks who it is: images that
# are made for such clusters let group 0 add the answer.
[ -n "${HOME-}" ] && [ -w "$HOME" ] || { HOME=$directory/home && mkdir -p "$HOME" && export HOME; }
if [ -w /etc/passwd ] && ! id -un >/dev/null 2>&1; then
    printf 'job:x:%s:0:job:%s:/bin/sh\n' "$(id -u)" "$HOME" >>/etc/passwd
fi
words=$(mkfifo answer 2>&1) || refuse "$words"
CONTAINERGROUPS_SUPERVISOR="$directory/" setsid sh ../supervisor run "$directory" "$timeout" "$grace" >answer 2>/dev/null </dev/null &
line=
read -r line <answer
[ "$line" != started ] || started
answer "$line"
