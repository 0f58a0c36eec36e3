/* SPDX-License-Identifier: MIT
 * Fills registers with one value, yields the CPU, and compares: in assembly, for no compiler may move the values meanwhile.
 */
#ifndef TASKSCOPE_WORKER_REGISTERS_H
#define TASKSCOPE_WORKER_REGISTERS_H

#include <stdint.h>
#include <sys/syscall.h>

/* clang-format off */
#if defined(__x86_64__)
#	define REGISTERS_HELD 21
#	define EACH_GENERAL(R) R(rbx) R(r12) R(r13) R(r14) R(r15)
#	define EACH_VECTOR(R) R(0) R(1) R(2) R(3) R(4) R(5) R(6) R(7) R(8) R(9) R(10) R(11) R(12) R(13) R(14) R(15)
#	define FILL(r) "mov %[mine], %%" #r "\n"
#	define FILL_VECTOR(r) "movq %[mine], %%xmm" #r "\n"
#	define COMPARE(r) "xor %[mine], %%" #r "\n" "or %%" #r ", %%rdx\n"
#	define COMPARE_VECTOR(r) "movq %%xmm" #r ", %%rcx\n" COMPARE(rcx)
#	define YIELD "mov %[call], %%eax\n" "syscall\n" "xor %%edx, %%edx\n"
#	define RESULT "mov %%rdx, %[differ]\n"
#	define CLOBBERED "rax", "rcx", "rdx", "r11", "cc", "memory"
#	define GENERAL_NAME(r) #r,
#	define VECTOR_NAME(r) "xmm" #r,
#elif defined(__aarch64__)
#	define REGISTERS_HELD 41
#	define EACH_GENERAL(R) R(x20) R(x21) R(x22) R(x23) R(x24) R(x25) R(x26) R(x27) R(x28)
#	define EACH_VECTOR(R) R(0) R(1) R(2) R(3) R(4) R(5) R(6) R(7) R(8) R(9) R(10) R(11) R(12) R(13) R(14) R(15) R(16) \
	R(17) R(18) R(19) R(20) R(21) R(22) R(23) R(24) R(25) R(26) R(27) R(28) R(29) R(30) R(31)
#	define FILL(r) "ldr " #r ", %[mine]\n"
#	define FILL_VECTOR(r) "ldr d" #r ", %[mine]\n"
#	define COMPARE(r) "eor " #r ", " #r ", x9\n" "orr x10, x10, " #r "\n"
#	define COMPARE_VECTOR(r) "fmov x11, d" #r "\n" COMPARE(x11)
#	define YIELD "mov x8, %[call]\n" "svc #0\n" "ldr x9, %[mine]\n" "mov x10, xzr\n"
#	define RESULT "str x10, %[differ]\n"
#	define CLOBBERED "x0", "x8", "x9", "x10", "x11", "cc", "memory"
#	define GENERAL_NAME(r) #r,
#	define VECTOR_NAME(r) "v" #r,
#else
#	define REGISTERS_HELD 0
#endif

/* Yields with this value in REGISTERS_HELD registers; returns the bits in which they differ after it: 0 if none was lost. */
#if REGISTERS_HELD
static inline uint64_t yield_with(uint64_t mine)
{
	uint64_t differ;

	__asm__ volatile(EACH_GENERAL(FILL) EACH_VECTOR(FILL_VECTOR) YIELD EACH_GENERAL(COMPARE) EACH_VECTOR(COMPARE_VECTOR)
		RESULT : [differ] "=m"(differ) : [mine] "m"(mine), [call] "i"(SYS_sched_yield)
		: EACH_GENERAL(GENERAL_NAME) EACH_VECTOR(VECTOR_NAME) CLOBBERED);
	return differ;
}
#else
static inline uint64_t yield_with(uint64_t mine)
{
	return ~mine;
}
#endif
/* clang-format on */

#endif
