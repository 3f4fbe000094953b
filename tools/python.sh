# Prints the path of a real Python 3.12, or nothing. Sourced by the other scripts of this folder.
# A pyenv shim that is not global lies on PATH and fails when run, so each candidate is run and asked where it lies;
# one inside a virtual environment names the interpreter that environment was made from.
find_python() {
    local data="${XDG_DATA_HOME:-$HOME/.local/share}" candidate
    for candidate in \
        python3.12 python3 /usr/local/bin/python3.12 /usr/bin/python3.12 /opt/homebrew/bin/python3.12 \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.12*/bin/python \
        "${UV_PYTHON_INSTALL_DIR:-$data/uv/python}"/cpython-3.12*/bin/python3.12; do
        "$candidate" -c 'import sys; assert sys.version_info[:2] == (3, 12); print(sys._base_executable)' 2>/dev/null && return
    done
    return 0
}
