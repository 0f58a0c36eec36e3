/* SPDX-License-Identifier: MIT */
#include "export.h"
