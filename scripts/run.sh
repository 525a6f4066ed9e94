#!/bin/sh
# Runs a file of this project on the Node version that the project pins, whatever the machine has:
#   sh scripts/run.sh FILE [ARGUMENT...]
# Installs the locked dependencies first if they are missing or not those of package-lock.json. Everything that the
# install says goes to stderr, so that FILE has stdout for itself. Ends in exec: signals reach FILE's process.
set -u

cd "$(dirname "$0")/.." || exit 1

modules=node_modules
stamp=$modules/.heddle-installed
partial=$modules/.heddle-partial
lock=$modules/.heddle-installing

say() {
  printf 'heddle: %s\n' "$*" >&2
}

# What an install depends on. Written beside the modules only after an install that went through, so that a failed or
# interrupted one is done again, and so is one that was made for another system.
wanted() {
  uname -sm
  cat package-lock.json
}

installed() {
  [ -x "$modules/.bin/node" ] && [ -f "$stamp" ] && wanted | cmp -s - "$stamp"
}

# npm puts node_modules/.bin first on the path; the install must not run on the binary that it replaces.
path_without_modules() {
  printf '%s' "$PATH" | tr ':' '\n' | grep -v -x -F "$PWD/$modules/.bin" | tr '\n' ':' | sed 's/:$//'
}

# Waits while another start installs; takes over when that one died.
take_lock() {
  mkdir -p "$modules" || exit 1
  waited=false
  until mkdir "$lock" 2>/dev/null; do
    holder=$(cat "$lock/pid" 2>/dev/null || true)
    if [ -n "$holder" ] && kill -0 "$holder" 2>/dev/null; then
      [ "$waited" = true ] || say "waiting for process $holder, which is installing"
      waited=true
      sleep 1
    else
      # Without a pid the holder may be between mkdir and writing it: give it a moment before taking over.
      sleep 1
      [ "$(cat "$lock/pid" 2>/dev/null || true)" = "$holder" ] && rm -rf "$lock"
    fi
  done
  printf '%s' "$$" >"$lock/pid"
}

interrupted() {
  if [ -n "$npm_pid" ]; then
    kill "$npm_pid" 2>/dev/null
    wait "$npm_pid"
  fi
  rm -rf "$lock"
  say 'the installation was interrupted; the next start does it again'
  exit 130
}

install() {
  npm_pid=
  trap interrupted INT TERM HUP
  take_lock
  if installed; then
    rm -rf "$lock"
    trap - INT TERM HUP
    return
  fi
  say 'installing the locked dependencies (once; needs the npm registry and about 500 MB)'
  rm -f "$stamp"
  # npm stumbles over what an interrupted install left behind: begin with nothing then.
  [ ! -e "$partial" ] || find "$modules" -mindepth 1 -maxdepth 1 ! -path "$lock" -exec rm -rf {} +
  : >"$partial"
  # Not `npm ci`: the lock file may lack the binaries of other systems, which newer npm versions refuse.
  PATH=$(path_without_modules) npm install --no-save --no-audit --no-fund --include=dev --include=optional \
    --loglevel=error </dev/null >&2 &
  npm_pid=$!
  wait "$npm_pid"
  result=$?
  npm_pid=
  if [ "$result" -ne 0 ]; then
    rm -rf "$lock"
    say "npm install failed with code $result; what it said stands above. Is the npm registry reachable, is there room" \
      'on the disk? The next start tries again.'
    exit 1
  fi
  if ! "$modules/.bin/node" --version >/dev/null 2>&1; then
    rm -rf "$lock"
    say "npm install ended well, but $modules/.bin/node does not run on this system ($(uname -sm)). If install scripts" \
      'are disabled (npm config get ignore-scripts), enable them: the package "node" needs its own.'
    exit 1
  fi
  wanted >"$stamp.new" && mv "$stamp.new" "$stamp" && rm -f "$partial"
  rm -rf "$lock"
  trap - INT TERM HUP
}

installed || install

# glibc gives every thread an arena of its own, and what LevelDB's threads free stays in theirs: some 50 MB for nothing.
MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2}
export MALLOC_ARENA_MAX

exec "$modules/.bin/node" "$@"
