/* SPDX-License-Identifier: MIT */
#include "ui.h"
