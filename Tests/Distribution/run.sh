#!/usr/bin/env bash
# Installs a Debian package, or unpacks a tarball, in an empty Debian that has neither Swift nor this repository, and uses
# it there as an ordinary user from /. The root is made by debootstrap from the mirror that apt uses here; needs root.
# Ends with a line "N passed, N failed".
#
#   Tests/Distribution/run.sh FILE.deb|FILE.tar.gz [VERSION]
#
# ROOT names a folder with an empty Debian to be used (and kept) instead of a new one.
set -euo pipefail
package=$(realpath "$1") version=${2:-}
[ "$(id -u)" = 0 ] || { echo "Tests/Distribution/run.sh: needs root, for debootstrap and chroot" >&2; exit 77; }
passed=0 failed=0
work=$(mktemp -d)
root=$work/root
mounted=()
finish() {
  local mount
  for mount in "${mounted[@]}"; do umount "$mount" || umount -l "$mount"; done
  rm -rf --one-file-system "$work"
}
trap finish EXIT

# The mirror and the release of this machine.
. /etc/os-release
mirror=$(apt-get indextargets --format '$(REPO_URI)' "Codename: $VERSION_CODENAME" | head -n 1)
if [ -n "${ROOT:-}" ] && [ -e "$ROOT/etc/debian_version" ]; then
  cp -a "$ROOT" "$root"
else
  debootstrap --variant=minbase "$VERSION_CODENAME" "$root" "${mirror:-http://deb.debian.org/debian}" >"$work/debootstrap.log" ||
    { tail -n 5 "$work/debootstrap.log" >&2; exit 1; }
  if [ -n "${ROOT:-}" ]; then cp -a "$root" "$ROOT"; fi
fi
# As apt is set up here: settings that a network needs, and the mirror.
cp -r /etc/apt/apt.conf.d "$root/etc/apt/"
rm -f "$root"/etc/apt/apt.conf.d/*docker* "$root"/etc/apt/apt.conf.d/*packagekit* "$root"/etc/apt/apt.conf.d/*appstream*
echo "deb ${mirror:-http://deb.debian.org/debian} $VERSION_CODENAME main" >"$root/etc/apt/sources.list"
cp /etc/resolv.conf /etc/hosts "$root/etc/"
mount -t proc proc "$root/proc" && mounted+=("$root/proc")
mount --bind /dev "$root/dev" && mounted+=("$root/dev")

inside() { chroot "$root" /usr/bin/env DEBIAN_FRONTEND=noninteractive "$@"; }
# As an ordinary user, from /, with a home of their own and no variable of this session.
as_user() {
  chroot --userspec=tester:tester "$root" /usr/bin/env -i HOME=/home/tester LANG=C.UTF-8 \
    PATH=/usr/local/bin:/usr/bin:/bin /bin/sh -c "cd / && $1"
}
check() { # name, command
  if as_user "$2" >"$work/output" 2>&1; then
    passed=$((passed + 1)) && echo "ok      $1"
  else
    failed=$((failed + 1)) && echo "FAILED  $1" && sed 's/^/        /' "$work/output"
  fi
}

inside apt-get update -q >"$work/apt.log"
inside useradd --create-home tester
cp "$package" "$root/tmp/"
# Documentation is left out of images as a rule; here it is looked at.
rm -f "$root/etc/dpkg/dpkg.cfg.d/docker" "$root/etc/dpkg/dpkg.cfg.d/excludes"
case $package in
*.deb)
  prefix=/usr
  inside apt-get install -qy --no-install-recommends "/tmp/$(basename "$package")" >>"$work/apt.log" 2>&1 ||
    { tail -n 20 "$work/apt.log" >&2; exit 1; }
  ;;
*)
  prefix=/usr/local
  inside apt-get install -qy --no-install-recommends libssl3 libstdc++6 >>"$work/apt.log" 2>&1
  inside tar -xzf "/tmp/$(basename "$package")" -C /usr/local --strip-components=1
  ;;
esac

check "there is no Swift" '! command -v swift && ! find / -xdev -name "libswift*" 2>/dev/null | grep .'
check "every library is there, none of Boost or Swift among them" \
  "ldd $prefix/bin/replicate >~/libraries && ! grep -E 'not found|boost|swift|Foundation|dispatch' ~/libraries"
check "the version" "replicate --version && replicate --version | grep -qx 'replicate ${version:-[0-9.]*}'"
check "the man pages" "gzip -t $prefix/share/man/man1/replicate.1.gz $prefix/share/man/man1/replicate-crossover.1.gz"
for shell in bash-completion/completions/replicate zsh/*/_replicate fish/vendor_completions.d/replicate.fish; do
  check "completions: ${shell%%/*}" "grep -q crossover $prefix/share/$shell"
done
check "settings are inside the program" 'replicate config show | grep -q "^\[crossover\]"'
check "without gnuplot it says so before training, and the verdict stands" \
  'replicate crossover --preset smoke --out ~/without 2>~/notes; test $? = 74 && head -n 1 ~/notes | grep "no figure.*gnuplot"'
check "--no-figures goes without" 'replicate crossover --preset smoke --out ~/without --no-figures 2>~/notes && ! grep gnuplot ~/notes'
inside apt-get install -qy --no-install-recommends gnuplot-nox fontconfig fonts-dejavu-core >>"$work/apt.log" 2>&1
check "crossover --preset smoke, with its figure" \
  'replicate crossover --preset smoke --out ~/results && test -s ~/results/crossover/crossover.png'
check "the page of results" 'replicate report --directory ~/results && test -s ~/results/report.html'
check "doctor finds machine and store sound" 'replicate doctor --out ~/results'
check "another binary of BLAS is not needed" '! find / -xdev -name "libopenblas*" 2>/dev/null | grep .'
if [[ $package = *.deb ]]; then
  inside apt-get remove -qy replicate >>"$work/apt.log" 2>&1
  check "removed, nothing stays but results" '! command -v replicate && test ! -e /usr/share/doc/replicate && test -d ~/results'
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
