/* SPDX-License-Identifier: MIT
 * Steers the crews: asks of them what a key, a step of a scene or a duel means, and says in one
 * line what came of it.
 */
#ifndef TASKSCOPE_STEER_H
#define TASKSCOPE_STEER_H

#include "command.h"
#include "crew.h"
#include "model.h"
#include "scene.h"
#include "ui.h"

struct steer;

struct steer_options {
	struct crews *crews; /* NULL: nobody can be steered */
	const char *refusal; /* what is then said */
	struct ui *ui; /* takes the messages, has the selection */
	struct model *model;
	struct crew_plan plan[SIDES]; /* how each side's crew starts */
	bool quick; /* scenes: fewer rounds */
};

/* crews, ui and model outlive it. */
struct steer *steer_create(const struct steer_options *options);
void steer_destroy(struct steer *steer);

/* Starts a side's crew as it was planned; as crew_start. */
int steer_start(struct steer *steer, enum side side);

/* Carries out the command of a key, on what is selected; a message says what came of it. Commands
 * that do not steer are of no effect. */
void steer_command(struct steer *steer, enum command_id command);
/* An item of the menu that steer_command opened was chosen. */
void steer_menu(struct steer *steer, int chosen);

/* To be called after each sample that was fed: says who was born, who died and what workers
 * answered, and sends what had to wait for that. Needs no crews. */
void steer_tell_events(struct steer *steer);

/* --- scenes: each needs crews --- */

/* Starts a side's crew as the scene sets it up; as crew_start. */
int steer_start_scene(struct steer *steer, const struct scene *scene, enum side side);
/* One side's share of a step. 0; SCENE_STEP_OVER; -EBUSY: try again later; else -errno, and why. */
int steer_run_step(struct steer *steer, const struct scene *scene, const struct scene_move *move,
	enum side side, char *why, size_t why_size);
/* A step that is a duel: likewise, of both sides. */
int steer_run_duel(struct steer *steer, const struct scene_move *move, char *why, size_t why_size);
bool steer_duel_runs(const struct steer *steer);
/* Adds what a duel has measured so far to the sample that is made: its duel, duels and
 * contrasts. */
void steer_report_duel(struct steer *steer, struct sample *sample);

#endif
