# Builds everything that is out of date: native libraries, then the .NET projects. Sourced by ./falcon and ./test.
#   build PROJECT STAMP   builds PROJECT (and the native libraries) unless STAMP is newer than every source file.

artifacts="$root/artifacts"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

up_to_date() {
  [ -f "$1" ] || return 1
  [ "$(cat "$1")" = "${FALCON_LIBTORCH:-system}" ] || return 1
  [ -z "$(find "$root" \( -path "$artifacts" -o -path "$root/.git" -o -path "$root/.falcon" -o -path "$root/reports" \
    -o -path "$root/docs" -o -path "$root/experiments" \) -prune -o -type f -newer "$1" \
    \( -name '*.cs' -o -name '*.fs' -o -name '*.fsi' -o -name '*.cpp' -o -name '*.h' -o -name '*.csproj' -o -name '*.fsproj' -o -name '*.slnx' \
    -o -name '*.props' -o -name '*.targets' -o -name '*.json' -o -name 'CMakeLists.txt' -o -name 'packages.txt' \) -print -quit)" ]
}

build_native() {
  local torch=()
  if [ -n "${FALCON_LIBTORCH:-}" ]; then torch=("-DCMAKE_PREFIX_PATH=$FALCON_LIBTORCH"); fi
  cmake -S "$root/native" -B "$artifacts/native-build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_LIBRARY_OUTPUT_DIRECTORY="$artifacts/native" "${torch[@]}" &&
    cmake --build "$artifacts/native-build"
}

# Two commands started at once must not build over each other: the second waits for the first.
build() {
  local project="$1" stamp="$2"
  up_to_date "$stamp" && return 0
  mkdir -p "$artifacts"
  exec 9>"$artifacts/build.lock"
  flock 9
  if ! up_to_date "$stamp"; then
    install_dependencies
    echo "falcon: building (the first time takes a few minutes)" >&2
    local log="$artifacts/build.log" started
    started=$(mktemp "$artifacts/started.XXXXXX")
    echo "${FALCON_LIBTORCH:-system}" >"$started"
    if ! { build_native && dotnet build "$project" -c Release -v minimal "-clp:NoSummary;ErrorsOnly"; } >"$log" 2>&1; then
      grep -E "error|Error|failed" "$log" | sort -u | head -n 40 >&2
      echo "falcon: the build failed; the whole log is in $log" >&2
      rm -f "$started"
      exit 2
    fi
    mv "$started" "$stamp"
  fi
  exec 9>&-
}
