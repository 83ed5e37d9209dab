@echo off
rem Runs nn: finds a JDK, builds what is newer than the last build, starts the JVM.
rem   NN_JAVA_HOME  the JDK to use      NN_JAVA_OPTS  further JVM options
setlocal EnableExtensions DisableDelayedExpansion
set "ROOT=%~dp0"
set "TARGET=%ROOT%nn-examples\target"
set "JAR=%TARGET%\app\nn.jar"
set "STAMP=%TARGET%\nn.stamp"
set "PEERS=%ROOT%nn-bench-peers\target\peers"
set "PEERS_STAMP=%ROOT%nn-bench-peers\target\nn.stamp"

set "JDK="
if defined NN_JAVA_HOME (
  call :consider "%NN_JAVA_HOME%"
  if not defined JDK (
    echo nn: NN_JAVA_HOME is not a JDK of version 25.0.3 or newer. 1>&2
    exit /b 1
  )
)
if defined JAVA_HOME call :consider "%JAVA_HOME%"
for /f "delims=" %%j in ('where java 2^>nul') do call :consider "%%~dpj.."
for /d %%d in ("%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Java\*" "%ProgramFiles%\Microsoft\jdk*" "%ProgramFiles%\Zulu\*" "%ProgramFiles%\BellSoft\*" "%ProgramFiles%\Amazon Corretto\*" "%USERPROFILE%\.jdks\*" "%USERPROFILE%\scoop\apps\temurin25-jdk\*") do call :consider "%%~d"
if not defined JDK (
  echo nn: no JDK of version 25.0.3 or newer found. 1>&2
  echo nn: Install one, for example Temurin: winget install EclipseAdoptium.Temurin.25.JDK 1>&2
  echo nn: or set NN_JAVA_HOME to the folder of one that is installed elsewhere. 1>&2
  exit /b 1
)

call :fresh || call :build || exit /b 1
call :peers %* || exit /b 1
set "COMPILERS="
if %NUMBER_OF_PROCESSORS% LSS 4 set "COMPILERS=-XX:CICompilerCount=3"
"%JDK%\bin\java.exe" "@%TARGET%\app\jvm\options" "-XX:CompilerDirectivesFile=%TARGET%\app\jvm\compiler-directives.json" %COMPILERS% %NN_JAVA_OPTS% %START% %*
exit /b %ERRORLEVEL%

rem :consider HOME - takes it as the JDK if none is taken yet and it is at least 25.0.3
:consider
if defined JDK exit /b 0
if not exist "%~1\bin\javac.exe" exit /b 0
if not exist "%~1\release" exit /b 0
set "VERSION="
for /f "usebackq tokens=1,2 delims==" %%a in ("%~1\release") do if "%%a"=="JAVA_VERSION" set "VERSION=%%~b"
for /f "tokens=1-3 delims=.-+" %%a in ("%VERSION%.0.0") do (
  if %%a GTR 25 set "JDK=%~1"
  if %%a EQU 25 if %%b GTR 0 set "JDK=%~1"
  if %%a EQU 25 if %%b EQU 0 if %%c GEQ 3 set "JDK=%~1"
)
exit /b 0

rem :fresh - succeeds if nothing was changed, added or deleted since the last build
:fresh
if not exist "%JAR%" exit /b 1
if not exist "%STAMP%" exit /b 1
powershell -NoProfile -Command "$t=(Get-Item $env:STAMP).LastWriteTime; $s=Join-Path $env:ROOT 'pom.xml'; $m=Join-Path $env:ROOT 'nn-*'; $n=@(Get-Item $s,(Join-Path $m 'pom.xml'),(Join-Path $m 'src\main')) + @(Get-ChildItem (Join-Path $m 'src\main') -Recurse) | Where-Object { $_.LastWriteTime -gt $t } | Select-Object -First 1; if ($n) { exit 1 }"
exit /b %ERRORLEVEL%

:build
echo nn: building, because the sources are newer than the last build 1>&2
if exist "%TARGET%\app" rmdir /s /q "%TARGET%\app"
call :package "%STAMP%" -pl nn-examples
exit /b %ERRORLEVEL%

rem :peers ARGUMENTS - sets START: how java finds the application; builds the benchmarks' peers if asked for
:peers
set "START=-jar "%JAR%""
set "ARGUMENTS= %* "
set "ARGUMENTS=%ARGUMENTS:"=%"
echo "%ARGUMENTS%" | findstr /r /c:" bench .* --peers[= ]" >nul || exit /b 0
call :fresh_peers || call :build_peers || exit /b 1
rem With a class path java does not read from the jar's manifest what the application may do.
set "START=-cp "%JAR%;%PEERS%\*" --enable-native-access=ALL-UNNAMED --add-exports=java.base/jdk.internal.module=ALL-UNNAMED nn.examples.cli.Main"
exit /b 0

:fresh_peers
if not exist "%PEERS%" exit /b 1
if not exist "%PEERS_STAMP%" exit /b 1
powershell -NoProfile -Command "$t=(Get-Item $env:PEERS_STAMP).LastWriteTime; $m=Join-Path $env:ROOT 'nn-bench-peers'; $p=Join-Path $env:ROOT 'nn-bench\src\main\java\nn\bench\peer'; $n=@(Get-Item (Join-Path $m 'pom.xml'),$p) + @(Get-ChildItem (Join-Path $m 'src'),$p -Recurse) | Where-Object { $_.LastWriteTime -gt $t } | Select-Object -First 1; if ($n) { exit 1 }"
exit /b %ERRORLEVEL%

:build_peers
echo nn: building the benchmarks' peers; the first time Maven fetches 450 MB for them 1>&2
if exist "%PEERS%" rmdir /s /q "%PEERS%"
call :package "%PEERS_STAMP%" -pl nn-bench-peers -P peers
exit /b %ERRORLEVEL%

rem :package STAMP OPTIONS - builds a module and those it depends on
:package
where mvn >nul 2>nul || (
  echo nn: Maven 3.8 or newer is needed to build: see the download page of the Apache Maven project 1>&2
  exit /b 1
)
if not exist "%TARGET%" mkdir "%TARGET%"
if not exist "%~dp1" mkdir "%~dp1"
type nul > "%~1.new"
setlocal
set "JAVA_HOME=%JDK%"
set "MAVEN_OPTS=%MAVEN_OPTS% --sun-misc-unsafe-memory-access=allow"
call mvn -B -ntp -q -Dstyle.color=never -f "%ROOT%pom.xml" %2 %3 %4 %5 -am package -Dquick -Dmaven.test.skip=true -Dspotless.check.skip=true > "%TARGET%\nn-build.log" 2>&1
if errorlevel 1 (
  type "%TARGET%\nn-build.log" 1>&2
  echo nn: the build failed, log: %TARGET%\nn-build.log 1>&2
  exit /b 1
)
move /y "%~1.new" "%~1" >nul
