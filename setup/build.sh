# Builds what is out of date. Sourced by ./falcon and ./test.
#   build PROJECT STAMP...   builds PROJECT unless the first STAMP is newer than every source; then renews all STAMPs.

artifacts="$root/artifacts"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# What a build depends on besides the sources; MSBuild reads it from the environment too (docs/dependencies.md).
build_settings="${TorchDevice:-cpu}"

# Folders count too: a deleted or renamed file only changes the time of its folder. Photos and results that users keep here do not count.
up_to_date() {
  [ -f "$1" ] || return 1
  [ "$(<"$1")" = "$build_settings" ] || return 1
  [ -z "$(find "$root"/Falcon.* "$root"/*.{props,targets,json} "$root/.editorconfig" "$root"/{assets,setup,tests} -newer "$1" \
    \( -type d -o -name '*.cs' -o -name '*.fs' -o -name '*.fsi' -o -name '*.csproj' -o -name '*.fsproj' \
    -o -name '*.props' -o -name '*.targets' -o -name '*.json' -o -name 'PublicAPI.*.txt' -o -name '.editorconfig' -o -name 'build.sh' \) -print -quit)" ]
}

show_build_failure() {
  local log="$1" errors
  errors=$(grep -E "error|Error|FAILED|not found" "$log" | grep -vE "^\[[0-9]+/[0-9]+\]|^Build FAILED|^ +[0-9]+ Error" | sed -e 's/ \[[^]]*proj\]$//' | awk '!seen[$0]++' | head -n 30 || true)
  if [ -n "$errors" ]; then echo "$errors" >&2; else tail -n 30 "$log" >&2; fi
  if grep -qE "error RS00(1[67]|2[45]|36|50)" "$log"; then
    echo "falcon: public members are not those of PublicAPI.*.txt: 'dotnet fsi setup/public-api.fsx' writes them down (CONTRIBUTING.md)" >&2
  fi
  echo "falcon: the build failed; the whole log is in $log" >&2
}

# Two commands started at once must not build over each other: the second waits for the first. The lock (descriptor 9) is closed for
# the compilers, whose servers outlive the build.
build() {
  local project="$1"
  shift
  up_to_date "$1" && return 0
  mkdir -p "$artifacts"
  exec 9>"$artifacts/build.lock"
  flock 9
  if ! up_to_date "$1"; then
    install_dependencies 9>&-
    echo "falcon: building (the first time takes a few minutes)" >&2
    local log="$artifacts/build.log" started="$artifacts/build.started" stamp
    echo "$build_settings" >"$started"
    if ! dotnet build "$project" -c Release -v minimal "-clp:NoSummary" >"$log" 2>&1 9>&-; then
      show_build_failure "$log"
      exit 2
    fi
    for stamp in "$@"; do cp -p "$started" "$stamp"; done
  fi
  exec 9>&-
}
