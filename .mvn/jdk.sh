# Sourced by check and spate: finds a JDK 25 or newer and exports JAVA_HOME, among others. The java on the PATH may
# be an older one with the right one beside it, so each candidate's release file is read. find_jdk
# starts no process, because it stands on the launcher's fast path.

JDK_VERSION_MIN=25

# jdk_version HOME: puts the feature version of a JDK into REPLY; fails where there is none.
jdk_version() {
    local line
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
    while IFS= read -r line; do
        case $line in
            JAVA_VERSION=*)
                REPLY=${line#JAVA_VERSION=\"}
                REPLY=${REPLY%%[!0-9]*}
                [ -n "$REPLY" ]
                return
                ;;
        esac
    done <"$1/release"
    return 1
}

# find_jdk: JAVA_HOME if it is new enough, else the newest JDK in the usual places.
find_jdk() {
    local home best= best_version=$((JDK_VERSION_MIN - 1))
    if [ -n "${JAVA_HOME:-}" ] && jdk_version "$JAVA_HOME" && [ "$REPLY" -ge "$JDK_VERSION_MIN" ]; then
        export JAVA_HOME
        return
    fi
    for home in /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/java/* \
        "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* "$HOME"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home \
        "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if jdk_version "$home" && [ "$REPLY" -gt "$best_version" ]; then
            best=$home
            best_version=$REPLY
        fi
    done
    if [ -z "$best" ]; then
        echo "${0##*/}: no JDK $JDK_VERSION_MIN or newer found (looked at JAVA_HOME, the system's JVM" \
            "folders, SDKMAN and ~/.jdks). Install one, for example Temurin 25 or Debian's" \
            "openjdk-25-jdk, or point JAVA_HOME to it." >&2
        return 1
    fi
    export JAVA_HOME=$best
}

# use_utf8: where the locale is not UTF-8, Java cannot name a file with letters beyond ASCII.
use_utf8() {
    case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
        *[Uu][Tt][Ff]8* | *[Uu][Tt][Ff]-8*) ;;
        *) export LC_ALL=C.UTF-8 ;;
    esac
}

# find_maven: fails with what to do where mvn is missing.
find_maven() {
    command -v mvn >/dev/null && return
    echo "${0##*/}: Maven (3.8.7 or newer) is missing: install it, for example with" \
        "'apt-get install maven'." >&2
    return 1
}

# maven ARGUMENT...: Maven, of which only warnings and errors are heard (with -q no warnings), and
# without colours, which it resets at its end even where it used none.
maven() {
    local escape=$'\033'
    (
        set -o pipefail
        mvn -B -ntp -Dstyle.color=never -Dorg.slf4j.simpleLogger.defaultLogLevel=warn "$@" 2>&1 | sed -u "s/$escape\[[0-9;]*m//g"
    )
}
