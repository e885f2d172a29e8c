# shellcheck shell=bash
# An image of Debian's Redis, made without a registry; takes the commands the public image takes.
# shellcheck disable=SC2154 # docker, work and here are set by the others

# redis_image_build NAME
redis_image_build() {
    local name=$1 root=$work/image recipe program binary library
    recipe=$(cat "$(readlink -f "$(command -v redis-server)")" "$here"/redis-* |
        sha256sum | cut -c 1-16)
    if "$docker" image inspect -f '{{.Config.Labels.recipe}}' "$name" 2>/dev/null |
        grep -qxF "$recipe"; then
        say "The image $name is there already"
        return
    fi
    mkdir -p "$root"/{bin,data,etc} && mkdir -m 1777 "$root/tmp"
    for program in redis-server redis-cli sh bash cat grep mkdir sleep; do
        binary=$(readlink -f "$(command -v "$program")") || die "no $program for the image"
        cp "$binary" "$root/bin/$program" || die "could not copy $program"
        while read -r library; do
            # --parents keeps the path, -L what a link points to
            cp -L --parents "$library" "$root" || die "could not copy $library"
        done < <(ldd "$binary" | grep -oE '/[^ ]+')
    done
    ln -s redis-server "$root/bin/redis-sentinel"
    install -m 755 "$here/redis-entrypoint" "$root/bin/docker-entrypoint.sh"
    tar -C "$root" -c . | timeout 120 "$docker" import \
        -c 'ENTRYPOINT ["docker-entrypoint.sh"]' -c 'CMD ["redis-server"]' \
        -c 'WORKDIR /data' -c 'EXPOSE 6379' -c "LABEL recipe=$recipe" \
        - "$name" >/dev/null || die "could not import the image $name"
    rm -rf "$root"
    say "Built the image $name from $(redis-server --version | cut -d ' ' -f 1-3)"
}

# redis_image_try NAME: a container of it must answer through a mapped port, as the tests need it.
redis_image_try() {
    local id port answer='' i
    id=$(timeout 60 "$docker" run -d --pull never -p 127.0.0.1::6379 "$1") ||
        die "no container starts"
    port=$("$docker" port "$id" 6379/tcp | sed -n '1s/.*://p')
    for ((i = 0; i < 40 && ${#port}; i++)); do
        answer=$(timeout 5 redis-cli -h 127.0.0.1 -p "$port" ping 2>/dev/null)
        [[ $answer != PONG ]] || break
        sleep 0.25
    done
    [[ $answer == PONG ]] || "$docker" logs "$id"
    timeout 60 "$docker" rm -fv "$id" >/dev/null
    [[ $answer == PONG ]] || die "Redis in a container does not answer through a mapped port"
    say "Redis in a container answers through a mapped port"
}
