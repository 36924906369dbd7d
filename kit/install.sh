#!/bin/sh
# Installs Double Random from this folder alone, without a network: ./install.sh [FOLDER]   (else ./double-random)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-double-random}

fail() {
	printf '错误：%s\n\n提示：%s\n' "$1" "$2" >&2
	exit 1
}

[ "$(uname -s)" = Linux ] || fail "此文件只用于Linux" "Windows请双击install.cmd"
machine=$(uname -m)
[ -e "$here/lists" ] && ls "$here/lists" | grep -q "^linux-$machine-" ||
	fail "本安装包没有适用于 $machine 的组件" "已有：$(ls "$here/lists" | tr '\n' ' ')；龙芯（loongarch64）等架构缺少第三方组件"
glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d' ' -f2) || glibc=""
[ -n "$glibc" ] || fail "未找到glibc（musl系统不支持）" "请用麒麟V10、统信UOS 20、openEuler或同类系统"
[ "$(printf '2.28\n%s\n' "$glibc" | sort -V | head -n1)" = 2.28 ] ||
	fail "glibc $glibc 过旧，至少需要2.28" "请用麒麟V10、统信UOS 20、openEuler或同类系统"

list=""
for python in ${PYTHON:-python3.14 python3.13 python3.12 python3.11 python3}; do
	command -v "$python" >/dev/null 2>&1 || continue
	version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
	if [ -e "$here/lists/linux-$machine-$version.txt" ]; then
		list="$here/lists/linux-$machine-$version.txt"
		break
	fi
done
[ -n "$list" ] || fail "没有找到可用的Python" \
	"本安装包用于：$(ls "$here/lists" | sed -n "s/^linux-$machine-\(.*\)\.txt/Python \1/p" | tr '\n' ' ')；请先安装，或：PYTHON=/路径/python3.11 ./install.sh"

printf '核对文件……\n'
(cd "$here" && sha256sum --check --quiet SHA256SUMS) || fail "文件与SHA256SUMS不符" "请重新复制整个文件夹"
printf '安装到 %s（Python %s）……\n' "$target" "$version"
"$python" -m venv "$target" ||
	fail "不能建立虚拟环境" "Debian、统信、麒麟桌面版请先安装 python$version-venv"
PIP_CONFIG_FILE=/dev/null "$target/bin/python" -m pip install --quiet --disable-pip-version-check \
	--no-index --find-links "$here/wheels" --no-deps --require-hashes -r "$list"
"$target/bin/double-random" --help >/dev/null
printf '完成。接着运行：\n  %s/bin/double-random --lang zh_CN demo\n' "$target"
