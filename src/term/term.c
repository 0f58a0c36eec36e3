/* SPDX-License-Identifier: MIT */
#include "term.h"
