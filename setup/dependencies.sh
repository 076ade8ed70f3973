# Installs the Debian packages of setup/packages.txt that are missing. Sourced by setup/build.sh.
# As root or with password-less sudo it installs them; otherwise it prints the command and stops.

missing_packages() {
  local wanted
  wanted=$(sed -e 's/#.*//' -e 's/ .*//' "$root/setup/packages.txt")
  if [ -n "${FALCON_LIBTORCH:-}" ]; then wanted=$(echo "$wanted" | grep -v '^libtorch-dev$'); fi
  local name
  for name in $wanted; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || echo "$name"
  done
}

install_dependencies() {
  if ! command -v dotnet >/dev/null; then
    echo "falcon: the .NET SDK 10 is missing. Install it (https://dotnet.microsoft.com/download) and put 'dotnet' on PATH." >&2
    exit 2
  fi
  if ! command -v dpkg-query >/dev/null; then
    echo "falcon: this is not a Debian system. Install the libraries of setup/packages.txt by hand, then set FALCON_SKIP_PACKAGES=1." >&2
    [ -n "${FALCON_SKIP_PACKAGES:-}" ] && return 0
    exit 2
  fi
  [ -n "${FALCON_SKIP_PACKAGES:-}" ] && return 0
  local missing
  missing=$(missing_packages | tr '\n' ' ')
  [ -z "$missing" ] && return 0
  local install="apt-get install -y --no-install-recommends $missing"
  local as_root=""
  if [ "$(id -u)" != 0 ]; then
    if sudo -n true 2>/dev/null; then as_root="sudo "; else
      echo "falcon: these packages are missing: $missing" >&2
      echo "Install them with:" >&2
      echo "  sudo apt-get update && sudo $install" >&2
      exit 2
    fi
  fi
  echo "falcon: installing $missing(once)" >&2
  local log="$root/artifacts/setup.log"
  mkdir -p "$root/artifacts"
  if ! { ${as_root}apt-get update && DEBIAN_FRONTEND=noninteractive ${as_root:+sudo -E }$install; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "falcon: the packages could not be installed (see $log). Try: sudo apt-get update && sudo $install" >&2
    exit 2
  fi
}
