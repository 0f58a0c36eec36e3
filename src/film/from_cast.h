/* SPDX-License-Identifier: MIT
 * What a cast of ours is known by.
 */
#ifndef TASKSCOPE_FILM_FROM_CAST_H
#define TASKSCOPE_FILM_FROM_CAST_H

#define CAST_TITLE "taskscope"

#endif
