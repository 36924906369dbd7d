@echo off
rem Installs Double Random from this folder alone, without a network: install.cmd [FOLDER]   (else double-random here)
setlocal enabledelayedexpansion
chcp 65001 >nul
set "HERE=%~dp0"
set "TARGET=%~1"
if "%TARGET%"=="" set "TARGET=%HERE%double-random"

set "VERSION="
for %%V in (3.14 3.13 3.12 3.11) do (
  if not defined VERSION if exist "%HERE%lists\windows-amd64-%%V.txt" (
    py -%%V -c "import sys" >nul 2>nul && set "VERSION=%%V"
  )
)
if not defined VERSION (
  echo 错误：没有找到可用的64位Python 1>&2
  echo 提示：本安装包用于下列版本，请先安装其一（安装时勾选py启动器）： 1>&2
  dir /b "%HERE%lists\windows-amd64-*.txt" 1>&2
  exit /b 1
)

echo 安装到 %TARGET%（Python %VERSION%）……
py -%VERSION% -m venv "%TARGET%" || exit /b 1
set "PIP_CONFIG_FILE=nul"
"%TARGET%\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check ^
  --no-index --find-links "%HERE%wheels" --no-deps --require-hashes -r "%HERE%lists\windows-amd64-%VERSION%.txt" || exit /b 1
"%TARGET%\Scripts\double-random.exe" --help >nul || exit /b 1
echo 完成。接着运行：
echo   "%TARGET%\Scripts\double-random.exe" --lang zh_CN demo
