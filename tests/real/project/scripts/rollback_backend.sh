#!/bin/bash
set -eu
echo "::service shop=healthy v1.9.0"
