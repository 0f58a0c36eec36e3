/* SPDX-License-Identifier: MIT */
#include "sample.h"
