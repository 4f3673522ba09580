# Set-up that ./run and ./test share; sourced, never run. Expects `root`, the project's folder.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '%s\n' "$*" >&2; }
refuse() { say "$@"; exit 1; }

# Runs a command quietly; what it printed is shown if it fails.
quietly() {
    local log status=0
    log=$(mktemp)
    "$@" >"$log" 2>&1 || status=$?
    [ "$status" = 0 ] || cat "$log" >&2
    rm -f "$log"
    return "$status"
}

need_sdk() {
    if ! command -v dotnet >/dev/null || ! (cd "$root" && dotnet --version) >/dev/null 2>&1; then
        refuse "The .NET 10 SDK is needed. Ubuntu: apt-get install dotnet-sdk-10.0. Debian, Fedora, macOS: https://dotnet.microsoft.com/download/dotnet/10.0"
    fi
}

# From the project's folder, because global.json is looked for where dotnet is started.
build() {
    say "Building $1 ..."
    (cd "$root" && quietly dotnet build --configuration Release --nologo --verbosity quiet "$1") || refuse "The build failed."
}

# Builds a program into a folder, compiled for this machine beforehand: that halves the time to its first answer. Where the compiler
# for it cannot be had, it is compiled as it runs.
publish() {
    say "Building $1 ..."
    local how=(dotnet publish --configuration Release --nologo --verbosity quiet --use-current-runtime --self-contained false --output "$2" "$1")
    (cd "$root" && { quietly "${how[@]}" -p:PublishReadyToRun=true 2>/dev/null || quietly "${how[@]}"; }) || refuse "The build failed."
}

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

may_install() {
    command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; }
}

install() {
    say "Installing $* ..."
    quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 -y --no-install-recommends install "$@"
}

# Programs of others that tests ask for a second opinion (tests/node); without them those tests are skipped, in CI they fail.
need_node() {
    if ! command -v npm >/dev/null && may_install; then
        quietly as_root apt-get -o DPkg::Lock::Timeout=120 update && install nodejs npm || { say "Node and npm could not be installed."; return 1; }
    fi
    command -v npm >/dev/null || { say "Node 20.19 or later and npm are needed for some tests: https://nodejs.org/."; return 1; }
    local stamp="$root/tests/node/node_modules/.package-lock.json"
    [ "$stamp" -nt "$root/tests/node/package-lock.json" ] || (cd "$root/tests/node" && quietly npm ci --no-audit --no-fund) || { say "npm ci failed in tests/node."; return 1; }
}

# A browser for the tests of signing in; without it those tests are skipped, in CI they fail.
need_chromium() {
    local program
    for program in chromium chromium-browser google-chrome; do ! command -v "$program" >/dev/null || return 0; done
    [ ! -d /Applications/Chromium.app ] || return 0
    may_install || { say "Chromium is needed for some tests. Debian: apt-get install chromium."; return 1; }
    quietly as_root apt-get -o DPkg::Lock::Timeout=120 update && install chromium || { say "Chromium could not be installed."; return 1; }
}

# Installs packages without the servers that they would start for everybody, now and at each boot (systemctl enable --now … starts one).
install_without_servers() {
    local policy=/usr/sbin/policy-rc.d own= status=0 units=$1
    shift
    quietly as_root apt-get -o DPkg::Lock::Timeout=120 update || return 1
    # What packages ask before they start a service; 101: they may not.
    [ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null && as_root chmod 755 "$policy" && own=1; } || return 1
    install "$@" || status=1
    [ -z "$own" ] || as_root rm -f "$policy"
    # shellcheck disable=SC2086 # Several units.
    ! command -v systemctl >/dev/null || as_root systemctl disable $units >/dev/null 2>&1 || true
    return "$status"
}

# A broker's programs for some tests, which start one of their own; without them those are skipped, in CI they fail.
need_rabbitmq() {
    [ ! -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || return 0
    may_install || { say "RabbitMQ is needed for some tests. Debian: apt-get install rabbitmq-server."; return 1; }
    install_without_servers "rabbitmq-server.service epmd.service epmd.socket" rabbitmq-server || { say "RabbitMQ could not be installed."; return 1; }
}

# For the tests of a PostgreSQL that fails over, which ./test-long ROUNDS runs.
need_patroni() {
    ! command -v patroni >/dev/null || ! command -v etcd >/dev/null || return 0
    may_install || { say "Patroni and etcd are needed. Debian: apt-get install patroni python3-etcd etcd-server."; return 1; }
    install_without_servers "patroni.service etcd.service" patroni python3-etcd etcd-server || { say "Patroni could not be installed."; return 1; }
}

# The same places as the host looks in, with all programs in one folder.
have_postgres() {
    local folder version
    while read -r folder; do
        [ -x "$folder/postgres" ] || continue
        folder=$(dirname "$(readlink -f "$folder/postgres")")
        [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ] || continue
        version=$("$folder/postgres" --version 2>/dev/null | sed -n 's/.*(PostgreSQL) \([0-9]*\).*/\1/p') || continue
        [ "${version:-0}" -lt 15 ] || return 0
    done < <(printf '%s\n' /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/local/pgsql*/bin /opt/homebrew/opt/postgresql*/bin \
        /usr/local/opt/postgresql*/bin /Applications/Postgres.app/Contents/Versions/*/bin; tr : '\n' <<<"$PATH")
    return 1
}

# For the library with which tests make calls of hosts and of PostgreSQL fail; without it those tests are skipped, in CI they fail.
need_cc() {
    ! command -v cc >/dev/null || return 0
    may_install || { say "A C compiler is needed for some tests. Debian: apt-get install gcc libc6-dev."; return 1; }
    quietly as_root apt-get -o DPkg::Lock::Timeout=120 update && install gcc libc6-dev || { say "A C compiler could not be installed."; return 1; }
}

# For docs/verify.py, the second reading of a bundle. Fails with one line if it cannot.
need_python() {
    ! command -v python3 >/dev/null || return 0
    may_install || { say "python3 is needed to test docs/verify.py. Debian or Ubuntu: apt-get install python3."; return 1; }
    quietly as_root apt-get -o DPkg::Lock::Timeout=120 update || { say "apt-get update failed; python3 is not installed."; return 1; }
    install python3
}

# PostgreSQL's programs, without the server that Debian's package would make and start for everybody. Fails with one line if it cannot.
need_postgres() {
    local package
    ! have_postgres || return 0
    if ! may_install; then
        say "PostgreSQL 15 or later is needed. Debian or Ubuntu: apt-get install postgresql. Fedora: dnf install postgresql-server. macOS: brew install postgresql@17." \
            "Or set ConnectionStrings__Register to use a server that already runs."
        return 1
    fi
    quietly as_root apt-get -o DPkg::Lock::Timeout=120 update || { say "apt-get update failed; PostgreSQL is not installed."; return 1; }
    package=$(apt-cache search --names-only '^postgresql-[0-9]+$' | sed -n 's/^\(postgresql-\([0-9]*\)\) .*/\2 \1/p' | sort -n | tail -1)
    if [ "${package%% *}" -lt 15 ] 2>/dev/null || [ -z "$package" ]; then
        say "This system's packages hold no PostgreSQL 15 or later: add PostgreSQL's own (https://www.postgresql.org/download/linux/) and apt-get install postgresql-17."
        return 1
    fi
    if ! dpkg -s postgresql-common >/dev/null 2>&1; then
        install postgresql-common || return 1
        as_root sed -i -E 's/^#? *create_main_cluster *=.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
    fi
    install "${package#* }"
}
