# shellcheck shell=bash disable=SC2034
# Where things are, for the other scripts.

home=${SORI_HOME:-${XDG_DATA_HOME:-$HOME/.local/share}/sori}
ggml=$home/ggml/0.26.0
models=$home/models
recordings=$home/recordings
test_audio=$home/test-audio
tools=$home/tools # a Python environment with pip
reference=$home/reference-venv
clients=$home/clients-venv
