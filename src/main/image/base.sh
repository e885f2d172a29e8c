#!/usr/bin/env bash
# Makes a base image from the JDK and the C library of this machine, for where no registry can be
# reached: base.sh TAR. The tar is one that `docker load` and Jib (-Dimage.base=tar://…) take.
# JAVA_HOME says which JDK. Needs no container engine.
set -euo pipefail
tar=$(realpath -m "$1")
jdk=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root

mkdir -p "$root"/{etc,opt} && mkdir -m 1777 "$root/tmp"
# What the gateway needs, found by jdeps and by trying; jdk.jcmd for jstack and the like.
"$jdk/bin/jlink" --output "$root/opt/java" --strip-debug --no-man-pages --no-header-files \
  --add-modules java.se,jdk.unsupported,jdk.crypto.ec,jdk.jcmd,jdk.jfr,jdk.management,jdk.naming.dns,jdk.net,jdk.zipfs

# The libraries that the JVM is linked to; -L what a link points to.
find "$root/opt/java" -type f \( -name java -o -name '*.so' \) -exec ldd {} + 2>/dev/null |
  grep -oE '/[^ ]+\.so[^ ]*' | sort -u | grep -v "^$root" |
  while read -r library; do cp -L --parents "$library" "$root"; done
# Those of Netty's epoll transport, which is in a jar, and what is looked up by name at run time.
for name in libdl.so.2 librt.so.1 libnss_dns.so.2; do
  library=$(ldconfig -p | sed -n "s/^\\s*$name (.*=> //p" | head -n 1)
  if [[ $library ]]; then cp -L --parents "$library" "$root"; fi
done
printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
if [[ -s /etc/ssl/certs/ca-certificates.crt ]]; then
  cp --parents /etc/ssl/certs/ca-certificates.crt "$root"
fi

tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -C "$root" -cf "$work/layer.tar" .
layer=$(sha256sum "$work/layer.tar" | cut -d ' ' -f 1)
case $(uname -m) in
  aarch64) arch=arm64 ;;
  *) arch=amd64 ;;
esac
cat >"$work/config.json" <<JSON
{"architecture":"$arch","os":"linux","created":"1970-01-01T00:00:00Z",
 "config":{"Env":["PATH=/opt/java/bin","JAVA_HOME=/opt/java","LANG=C.UTF-8"]},
 "rootfs":{"type":"layers","diff_ids":["sha256:$layer"]},
 "history":[{"created":"1970-01-01T00:00:00Z","created_by":"base.sh"}]}
JSON
printf '[{"Config":"config.json","RepoTags":["chat-gateway-base:local"],"Layers":["layer.tar"]}]\n' \
  >"$work/manifest.json"
mkdir -p "$(dirname "$tar")"
tar -C "$work" -cf "$tar" manifest.json config.json layer.tar
printf '%s: %s, %s MB\n' "$tar" "$("$root/opt/java/bin/java" -version 2>&1 | head -n 1)" \
  "$(($(stat -c %s "$tar") / 1000000))"
