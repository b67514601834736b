#!/bin/sh
VERSION=0.3.0
printf "\a"
