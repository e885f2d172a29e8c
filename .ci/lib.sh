# shellcheck shell=bash
# Messages, retries and packages.

say() {
    printf '[%4ds] %s\n' "$SECONDS" "$*"
}

die() {
    say "FAILED: $*"
    exit 1
}

has() {
    command -v "$1" >/dev/null
}

# retry TIMES COMMAND...: until it succeeds, with a growing pause.
retry() {
    local times=$1 i
    shift
    for ((i = 1; i <= times; i++)); do
        "$@" && return 0
        if ((i < times)); then
            say "Attempt $i of $times failed, again in $((i * 5)) s: $1 ${2:-}"
            sleep $((i * 5))
        fi
    done
    return 1
}

missing=()

# need COMMAND PACKAGE: notes the package if the command is not there.
need() {
    if ! has "$1" && [[ " ${missing[*]} " != *" $2 "* ]]; then missing+=("$2"); fi
}

apt_quietly() {
    timeout 5m apt-get -qq -y --no-install-recommends \
        -o Acquire::Retries=3 -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30 \
        -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@"
}

apt_attempt() {
    dpkg --configure -a
    apt_quietly update # a list that can't be fetched may not matter: installing will tell
    apt_quietly install "$@"
}

policy=/usr/sbin/policy-rc.d
own_policy=''

# Keeps the services of new packages from starting: Redis would take port 6379, nginx 80.
forbid_services() {
    [[ ! -e $policy ]] || return 0
    own_policy=yes
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"
}

allow_services() {
    if [[ $own_policy ]]; then rm -f "$policy"; fi
    own_policy=''
}

# apt_install LOG PACKAGE...
apt_install() {
    local log=$1 status=0
    shift
    forbid_services
    mkdir -p /usr/share/man/man1 # slim images lack it, and the JDK's set-up trips over that
    retry 3 apt_attempt "$@" >"$log" 2>&1 || status=1
    allow_services
    if ((status)); then
        tail -n 30 "$log"
        die "could not install $*"
    fi
    hash -r
}

# The home of the newest JDK there is that can make an image of itself.
newest_jdk() {
    local home version
    for home in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
        if [[ $home && -x $home/bin/jlink && -s $home/release ]]; then
            version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
            printf '%s %s\n' "$version" "$home"
        fi
    done | sort -rn | head -n 1 | cut -d ' ' -f 2 | grep .
}
