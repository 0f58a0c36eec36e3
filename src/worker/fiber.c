/* SPDX-License-Identifier: MIT
 * Switches between several stacks within one task, in user space.
 */
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fiber.h"
#include "internal.h"

#if defined(__SANITIZE_ADDRESS__)
#	include <sanitizer/common_interface_defs.h>
#elif defined(__SANITIZE_THREAD__)
#	include <sanitizer/tsan_interface.h>
#endif

#define FIBER_STACK ((size_t)64 << 10)

/* --- one switch --- */

/* Keeps the registers that a function must keep on the stack that is left, notes where, and takes those of the other. */
void user_switch(void **keep, void *to);

#if defined(__x86_64__)
#	define SAVED 8 /* words: six registers, where to go on, and what keeps the stack aligned */
#	define PLACE_OF_ENTRY 6
__asm__(".text\n"
	".globl user_switch\n"
	".type user_switch, @function\n"
	"user_switch:\n"
	"	push %rbp\n"
	"	push %rbx\n"
	"	push %r12\n"
	"	push %r13\n"
	"	push %r14\n"
	"	push %r15\n"
	"	mov %rsp, (%rdi)\n"
	"	mov %rsi, %rsp\n"
	"	pop %r15\n"
	"	pop %r14\n"
	"	pop %r13\n"
	"	pop %r12\n"
	"	pop %rbx\n"
	"	pop %rbp\n"
	"	ret\n"
	".size user_switch, . - user_switch\n");
#elif defined(__aarch64__)
#	define SAVED 20 /* words: x19 to x30, d8 to d15 */
#	define PLACE_OF_ENTRY 11
__asm__(".text\n"
	".globl user_switch\n"
	".type user_switch, %function\n"
	"user_switch:\n"
	"	sub sp, sp, #160\n"
	"	stp x19, x20, [sp, #0]\n"
	"	stp x21, x22, [sp, #16]\n"
	"	stp x23, x24, [sp, #32]\n"
	"	stp x25, x26, [sp, #48]\n"
	"	stp x27, x28, [sp, #64]\n"
	"	stp x29, x30, [sp, #80]\n"
	"	stp d8, d9, [sp, #96]\n"
	"	stp d10, d11, [sp, #112]\n"
	"	stp d12, d13, [sp, #128]\n"
	"	stp d14, d15, [sp, #144]\n"
	"	mov x9, sp\n"
	"	str x9, [x0]\n"
	"	mov sp, x1\n"
	"	ldp x19, x20, [sp, #0]\n"
	"	ldp x21, x22, [sp, #16]\n"
	"	ldp x23, x24, [sp, #32]\n"
	"	ldp x25, x26, [sp, #48]\n"
	"	ldp x27, x28, [sp, #64]\n"
	"	ldp x29, x30, [sp, #80]\n"
	"	ldp d8, d9, [sp, #96]\n"
	"	ldp d10, d11, [sp, #112]\n"
	"	ldp d12, d13, [sp, #128]\n"
	"	ldp d14, d15, [sp, #144]\n"
	"	add sp, sp, #160\n"
	"	ret\n"
	".size user_switch, . - user_switch\n");
#else
#	define SAVED 1
#	define PLACE_OF_ENTRY 0
void user_switch(void **keep, void *to)
{
}
#endif

#if defined(__x86_64__)
#	define SHADOW_STATUS SYS_arch_prctl, 0x5005 /* ARCH_SHSTK_STATUS */
#else
#	define SHADOW_STATUS SYS_prctl, 74 /* PR_GET_SHADOW_STACK_STATUS */
#endif

/* The kernel keeps a second stack of return addresses, of which we have but one. */
static bool has_shadow_stack(void)
{
	unsigned long on = 0;

	return syscall(SHADOW_STATUS, &on, 0, 0, 0) == 0 && (on & 1);
}

/* Whom this task is about to begin. Asked once, at the beginning: later it may be another task's. */
static __thread struct fiber *beginning;

#if defined(__SANITIZE_ADDRESS__)
/* The task's own stack is known only when one comes from it. */
static void came_from(struct fiber *before, const void *stack, size_t size)
{
	if (!before->size)
		before->stack = stack, before->size = size;
}
#endif

void fiber_go(struct fiber *from, struct fiber *to)
{
	to->before = from;
	beginning = to;
#if defined(__SANITIZE_ADDRESS__)
	void *kept = NULL;
	const void *stack;
	size_t size;
	__sanitizer_start_switch_fiber(&kept, to->stack, to->size);
#elif defined(__SANITIZE_THREAD__)
	__tsan_switch_to_fiber(to->of_sanitizer, 0);
#endif
	user_switch(&from->at, to->at);
#if defined(__SANITIZE_ADDRESS__)
	__sanitizer_finish_switch_fiber(kept, &stack, &size);
	came_from(from->before, stack, size);
#endif
}

static void enter(void)
{
	struct fiber *me = beginning;

#if defined(__SANITIZE_ADDRESS__)
	const void *stack;
	size_t size;
	__sanitizer_finish_switch_fiber(NULL, &stack, &size);
	came_from(me->before, stack, size);
#endif
	me->body(me->of);
}

int fiber_make(struct fiber *fiber, void (*body)(void *of), void *of)
{
	char *stack = mmap(NULL, FIBER_STACK, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);

	if (stack == MAP_FAILED)
		return ENOMEM;
	void **words = (void **)(void *)(stack + FIBER_STACK) - SAVED;
	memset(words, 0, SAVED * sizeof(*words));
	words[PLACE_OF_ENTRY] = (void *)(uintptr_t)enter;
	*fiber = (struct fiber) {
		.at = words, .stack = stack, .size = FIBER_STACK, .body = body, .of = of
	};
#if defined(__SANITIZE_THREAD__)
	fiber->of_sanitizer = __tsan_create_fiber(0);
#endif
	return 0;
}

void fiber_unmake(struct fiber *fiber)
{
	munmap((void *)(uintptr_t)fiber->stack, FIBER_STACK);
#if defined(__SANITIZE_THREAD__)
	__tsan_destroy_fiber(fiber->of_sanitizer);
#endif
}

struct fiber fiber_of_task(void)
{
	struct fiber own = { 0 };

#if defined(__SANITIZE_THREAD__)
	own.of_sanitizer = __tsan_get_current_fiber();
#endif
	return own;
}

/* --- several of them in one task --- */

void fibers_give_way(struct fibers *fibers)
{
	int me = fibers->running, next = me + 1 < fibers->n ? me + 1 : 0;

	fibers->running = next;
	fibers->switches++;
	fiber_go(&fibers->fiber[me], &fibers->fiber[next]);
}

void fibers_rest(struct fibers *fibers)
{
	fiber_go(&fibers->fiber[fibers->running], &fibers->own);
}

void fibers_go_on(struct fibers *fibers)
{
	fiber_go(&fibers->own, &fibers->fiber[fibers->running]);
}

static void run_body(void *of)
{
	struct fibers *fibers = of;

	fibers->body(fibers, fibers->running);
	fibers_rest(fibers); /* the first that has done its work ends all */
}

int fibers_make(struct fibers *fibers, int n, void (*body)(struct fibers *fibers, int me))
{
	int error = 0;

	fibers->own = fiber_of_task();
	fibers->body = body;
	fibers->running = 0;
	for (fibers->n = 0; fibers->n < n && !error; fibers->n += !error)
		error = fiber_make(&fibers->fiber[fibers->n], run_body, fibers);
	return error;
}

void fibers_unmake(struct fibers *fibers)
{
	for (int i = 0; i < fibers->n; i++)
		fiber_unmake(&fibers->fiber[i]);
	fibers->n = 0;
}

int fibers_run(struct fibers *fibers, int n, void (*body)(struct fibers *fibers, int me))
{
	int error = fibers_make(fibers, n, body);

	if (!error)
		fibers_go_on(fibers);
	fibers_unmake(fibers);
	return error;
}

int fibers_refuse(char *said)
{
#if !defined(__x86_64__) && !defined(__aarch64__)
	set_result(said, "no switch of stacks is written for this kind of CPU");
	return EOPNOTSUPP;
#endif
	if (!has_shadow_stack())
		return 0;
	set_result(said, "a shadow stack is on, which a switch of stacks would break");
	return EOPNOTSUPP;
}
