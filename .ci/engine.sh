# shellcheck shell=bash
# The container engine: uses one that answers, else starts dockerd and stops it at the end.
# shellcheck disable=SC2154 # work and image are set by run

engine_pid='' # of the dockerd started here
engine_log=$PWD/target/dockerd.log
docker=docker # the client that works; there may be several, and too new a one refuses an old engine

engine_answers() {
    local client
    while read -r client; do
        if timeout 20 "$client" version --format '{{.Server.Version}}' >/dev/null 2>&1; then
            docker=$client
            return 0
        fi
    done < <(type -ap docker)
    return 1
}

engine_start() {
    local firewall deadline version origin="running already"
    if ! engine_answers; then
        unset DOCKER_CONTEXT DOCKER_TLS_VERIFY DOCKER_CERT_PATH DOCKER_API_VERSION
        export DOCKER_HOST=unix:///var/run/docker.sock
        deadline=$((SECONDS + 60))
        if pid_file_holds /var/run/docker.pid dockerd; then
            say "A dockerd runs that does not answer yet, waiting for it"
            until engine_answers; do
                ((SECONDS < deadline)) || die "the dockerd that runs already does not answer"
                sleep 1
            done
        else
            mount_cgroups
            # Debian's default, then each variant by name, then no rules at all: the proxy of the
            # mapped ports needs none.
            for firewall in default nft legacy none; do
                dockerd_start "$firewall" "$deadline" && break
                ((SECONDS < deadline)) || break
            done
            [[ $engine_pid ]] || die "dockerd does not start"
        fi
    fi
    widen_socket
    if [[ $engine_pid ]]; then origin="started here"; fi
    engine_answers # once more: while an engine comes up, chance picks the client
    version=$(timeout 20 "$docker" version --format '{{.Server.Version}}, API {{.Server.APIVersion}}')
    say "Engine $version, client $docker, $origin"
}

# dockerd_start FIREWALL DEADLINE
dockerd_start() {
    local path=$PATH args=() shims=$work/firewall-$1 command pid
    local containerd=/run/containerd/containerd.sock
    case $1 in
        nft | legacy)
            has "iptables-$1" || return 1
            mkdir -p "$shims"
            for command in iptables ip6tables; do
                # shellcheck disable=SC2016 # $@ is for the shim
                printf '#!/bin/sh\nexec %s-%s "$@"\n' "$command" "$1" >"$shims/$command"
                chmod +x "$shims/$command"
            done
            path=$shims:$PATH
            ;;
        none) args=(--iptables=false) ;;
    esac
    drop_stale_pid_file /var/run/docker.pid dockerd
    drop_stale_pid_file /var/run/docker/containerd/containerd.pid containerd
    # dockerd would wait for a containerd of its own machine that is gone.
    if [[ -S $containerd ]] && ! grep -qwF "$containerd" /proc/net/unix; then
        rm -f "$containerd"
    fi
    mkdir -p "${engine_log%/*}"
    say "Starting dockerd, firewall rules: $1, log: target/${engine_log##*/}"
    PATH=$path setsid dockerd "${args[@]}" >"$engine_log" 2>&1 &
    pid=$!
    until engine_answers; do
        if ! kill -0 "$pid" 2>/dev/null || ((SECONDS >= $2)); then
            say "dockerd did not come up; the end of its log:"
            grep -v module=grpc "$engine_log" | tail -n 20
            stop_process "$pid"
            return 1
        fi
        sleep 0.5
    done
    engine_pid=$pid
}

engine_stop() {
    [[ $engine_pid ]] || return 0
    say "Stopping dockerd"
    stop_process "$engine_pid"
    engine_pid=''
}

# stop_process PID: of a child; asks, and insists after 20 s.
stop_process() {
    local i
    kill "$1" 2>/dev/null
    for ((i = 0; i < 40; i++)); do
        kill -0 "$1" 2>/dev/null || break
        sleep 0.5
    done
    kill -9 "$1" 2>/dev/null
    wait "$1" 2>/dev/null
}

# pid_file_holds FILE NAME: the process is there, of that name, and no zombie.
pid_file_holds() {
    local pid
    pid=$(cat "$1" 2>/dev/null)
    [[ $pid =~ ^[0-9]+$ ]] && grep -qsE "^$pid \($2\) [^ZX]" "/proc/$pid/stat"
}

# A killed dockerd leaves its pid behind; whatever has that number now keeps the next from starting.
drop_stale_pid_file() {
    if [[ -e $1 ]] && ! pid_file_holds "$1" "$2"; then
        say "Removing a stale ${1##*/}"
        rm -f "$1"
    fi
}

# dockerd refuses to start where the controllers of cgroup v1 are not mounted.
mount_cgroups() {
    local root=/sys/fs/cgroup name enabled
    [[ ! -e $root/cgroup.controllers ]] || return 0
    if ! grep -qw cgroup /proc/filesystems; then
        mount -t cgroup2 cgroup2 "$root"
        return 0
    fi
    mountpoint -q "$root" || mount -t tmpfs -o mode=755 cgroup "$root"
    while read -r name _ _ enabled; do
        [[ $enabled != 1 ]] || mount_cgroup "$root/$name" "$name"
    done < <(sed 1d /proc/cgroups)
    if grep -q ':name=systemd:' /proc/self/cgroup; then
        mount_cgroup "$root/systemd" none,name=systemd
    fi
}

# mount_cgroup FOLDER OPTIONS: unless it is mounted somewhere.
mount_cgroup() {
    grep -qE " cgroup [^ ]*,${2#none,}(,| )" /proc/mounts && return
    mkdir -p "$1"
    mount -t cgroup -o "$2" cgroup "$1" 2>/dev/null || rmdir "$1"
}

# Testcontainers does not see an engine whose socket is narrower.
widen_socket() {
    local socket=${DOCKER_HOST:-unix:///var/run/docker.sock}
    socket=${socket#unix://}
    [[ -S $socket ]] || return 0
    if (((8#$(stat -Lc %a "$socket") & 8#660) != 8#660)); then
        say "Opening the engine's socket to its group"
        chmod ug+rw "$socket"
    fi
}

test_containers() {
    timeout 20 "$docker" ps -aq --no-trunc --filter label=org.testcontainers=true
}

# remove_test_containers FILE: all but those named in the file.
remove_test_containers() {
    local ids
    [[ -e $1 ]] || return 0
    mapfile -t ids < <(test_containers | grep -vxFf "$1")
    ((${#ids[@]})) || return 0
    say "Removing ${#ids[@]} container(s) left over by tests"
    timeout 60 "$docker" rm -fv "${ids[@]}" >/dev/null
}

# container_events SINCE: what happened to containers of the image, by the engine's own account.
container_events() {
    timeout 20 "$docker" events --since "$1" --until "$(date +%s)" \
        --filter type=container --filter "image=$image"
}
