/* SPDX-License-Identifier: MIT */
#include "job.h"
