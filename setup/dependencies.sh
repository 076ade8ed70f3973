# What ./falcon and ./test need besides this repository: the .NET SDK, and a font for plots. Sourced by setup/build.sh's callers.

require_dotnet() {
  command -v dotnet >/dev/null && return 0
  echo "falcon: the .NET SDK 10 is missing. Install it (https://dotnet.microsoft.com/download) and put 'dotnet' on PATH." >&2
  exit 2
}

has_font() {
  local folder
  for folder in /usr/share/fonts /usr/local/share/fonts "$HOME/.fonts" "$HOME/.local/share/fonts" /System/Library/Fonts; do
    [ -n "$(find -L "$folder" \( -name '*.ttf' -o -name '*.otf' -o -name '*.ttc' \) -print -quit 2>/dev/null)" ] && return 0
  done
  return 1
}

# A machine without any font cannot write on plots. Where apt-get may be used, one is installed; elsewhere the first plot says what to do.
install_font() {
  has_font && return 0
  local as_root="" log="$root/artifacts/setup.log" install="apt-get install -y --no-install-recommends fonts-dejavu-core"
  if ! command -v apt-get >/dev/null || { [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; }; then
    echo "falcon: this machine has no font: plots need one (Debian: sudo $install)" >&2
    return 0
  fi
  [ "$(id -u)" = 0 ] || as_root="sudo "
  echo "falcon: installing a font for plots (once)" >&2
  mkdir -p "$root/artifacts"
  if ! { ${as_root}apt-get update && DEBIAN_FRONTEND=noninteractive ${as_root:+sudo -E }$install; } >"$log" 2>&1; then
    echo "falcon: no font could be installed (see $log): plots need one; everything else works" >&2
  fi
}

install_dependencies() {
  require_dotnet
  install_font
}
