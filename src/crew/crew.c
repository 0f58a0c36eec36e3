/* SPDX-License-Identifier: MIT */
#include "crew.h"
