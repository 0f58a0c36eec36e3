/* SPDX-License-Identifier: MIT
 * Records of a perf_event ring, byte by byte: in the middle, over the end of the memory, of other kinds, and torn.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <linux/perf_event.h>
#include <string.h>

#include "../../src/source/internal.h"
#include "../../src/source/ring.h"

#define SIZE 4096u

/* A ring as the kernel keeps it: positions only grow, bytes stand at the position modulo the size. */
struct kernel {
	_Alignas(8) unsigned char memory[SIZE];
	uint64_t head;
};

static void put(struct kernel *kernel, const void *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		kernel->memory[kernel->head++ % SIZE] = ((const unsigned char *)bytes)[i];
}

static void put_u32(struct kernel *kernel, uint32_t value)
{
	put(kernel, &value, sizeof(value));
}

static void put_u64(struct kernel *kernel, uint64_t value)
{
	put(kernel, &value, sizeof(value));
}

static void put_header(struct kernel *kernel, uint32_t type, uint16_t misc, uint16_t size)
{
	const struct perf_event_header header = { type, misc, size };

	put(kernel, &header, sizeof(header));
}

/* TID, TIME, ID, CPU: perf_event_open(2), struct sample_id. */
static void put_tail(struct kernel *kernel, uint32_t tid, uint64_t time)
{
	put_u32(kernel, tid / 10);
	put_u32(kernel, tid);
	put_u64(kernel, time);
	put_u64(kernel, 77);
	put_u32(kernel, 3);
	put_u32(kernel, 0);
}

static void put_switch(struct kernel *kernel, uint16_t misc, uint32_t tid, uint64_t time)
{
	put_header(kernel, PERF_RECORD_SWITCH, misc, 40);
	put_tail(kernel, tid, time);
}

static void put_task(struct kernel *kernel, uint32_t type, uint32_t tid, uint64_t time)
{
	put_header(kernel, type, 0, 64);
	put_u32(kernel, 100);
	put_u32(kernel, 50);
	put_u32(kernel, tid);
	put_u32(kernel, 51);
	put_u64(kernel, time);
	put_tail(kernel, 51, time);
}

static void put_lost(struct kernel *kernel, uint64_t lost, uint64_t time)
{
	put_header(kernel, PERF_RECORD_LOST, 0, 56);
	put_u64(kernel, 77);
	put_u64(kernel, lost);
	put_tail(kernel, 9, time);
}

static struct ring_bytes bytes_of(const struct kernel *kernel, uint64_t tail)
{
	return (struct ring_bytes) {
		.data = kernel->memory, .size = SIZE, .tail = tail, .head = kernel->head
	};
}

static void assert_event(const struct ring_event *read, enum switch_kind kind, int32_t pid,
	int32_t tid, int64_t at_ns)
{
	assert_int_equal(read->event.kind, kind);
	assert_int_equal(read->event.pid, pid);
	assert_int_equal(read->event.tid, tid);
	assert_int_equal(read->event.at_ns, at_ns);
	assert_int_equal(read->event.cpu, 3);
	assert_int_equal(read->id, 77);
}

static void each_kind_is_read(void **state)
{
	struct kernel kernel = { 0 };
	struct ring_counts counts = { 0 };
	struct ring_event event;

	put_switch(&kernel, 0, 110, 1000);
	put_switch(&kernel, PERF_RECORD_MISC_SWITCH_OUT, 110, 1001);
	put_switch(&kernel, PERF_RECORD_MISC_SWITCH_OUT | PERF_RECORD_MISC_SWITCH_OUT_PREEMPT, 110,
		1002);
	put_task(&kernel, PERF_RECORD_FORK, 101, 1003);
	put_task(&kernel, PERF_RECORD_EXIT, 101, 1004);
	put_lost(&kernel, 12, 1005);
	struct ring_bytes bytes = bytes_of(&kernel, 0);

	assert_true(ring_next(&bytes, &counts, &event));
	assert_event(&event, SWITCH_IN, 11, 110, 1000);
	assert_true(ring_next(&bytes, &counts, &event));
	assert_event(&event, SWITCH_OUT, 11, 110, 1001);
	assert_true(ring_next(&bytes, &counts, &event));
	assert_event(&event, SWITCH_PREEMPTED, 11, 110, 1002);
	assert_true(ring_next(&bytes, &counts, &event));
	assert_event(&event, SWITCH_BORN, 100, 101, 1003);
	assert_int_equal(event.event.other, 51);
	assert_true(ring_next(&bytes, &counts, &event));
	assert_event(&event, SWITCH_DIED, 100, 101, 1004);
	assert_int_equal(event.event.other, 0);
	assert_true(ring_next(&bytes, &counts, &event));
	assert_event(&event, SWITCH_LOST, 0, 0, 1005);
	assert_int_equal(event.event.other, 12);
	assert_false(ring_next(&bytes, &counts, &event));
	assert_int_equal(bytes.tail, kernel.head);
	assert_int_equal(counts.records, 6);
	assert_int_equal(counts.lost, 12);
	assert_int_equal(counts.unknown + counts.torn, 0);
}

static void records_go_on_at_the_start_of_the_memory(void **state)
{
	/* every place that a record of 40 bytes can lie across the end */
	for (uint64_t start = SIZE - 64; start <= SIZE + 8; start += 8) {
		struct kernel kernel = { .head = (UINT64_C(1) << 40) + start };
		struct ring_counts counts = { 0 };
		struct ring_event event;
		uint64_t tail = kernel.head;

		put_switch(&kernel, 0, 110, 5);
		put_switch(&kernel, PERF_RECORD_MISC_SWITCH_OUT, 120, 6);
		struct ring_bytes bytes = bytes_of(&kernel, tail);

		assert_true(ring_next(&bytes, &counts, &event));
		assert_event(&event, SWITCH_IN, 11, 110, 5);
		assert_true(ring_next(&bytes, &counts, &event));
		assert_event(&event, SWITCH_OUT, 12, 120, 6);
		assert_false(ring_next(&bytes, &counts, &event));
	}
}

static void a_full_ring_is_read_to_its_end(void **state)
{
	struct kernel kernel = { .head = 3 * SIZE + 16 };
	struct ring_counts counts = { 0 };
	struct ring_event event;
	uint64_t tail = kernel.head;
	int n = 0;

	while (kernel.head + 40 <= tail + SIZE)
		put_switch(&kernel, 0, 110, ++n);
	struct ring_bytes bytes = bytes_of(&kernel, tail);

	for (int i = 1; i <= n; i++) {
		assert_true(ring_next(&bytes, &counts, &event));
		assert_int_equal(event.event.at_ns, i);
	}
	assert_false(ring_next(&bytes, &counts, &event));
}

static void what_is_not_known_is_passed_over_and_counted(void **state)
{
	struct kernel kernel = { 0 };
	struct ring_counts counts = { 0 };
	struct ring_event event;
	unsigned char zeros[SIZE] = { 0 };

	put_header(&kernel, 4242, 0, 8);
	put_header(&kernel, PERF_RECORD_COMM, 0, 1024); /* longer than any that is read */
	put(&kernel, zeros, 1016);
	put_header(&kernel, PERF_RECORD_SWITCH, 0, 16); /* too short for what it says to be */
	put(&kernel, zeros, 8);
	put_header(&kernel, PERF_RECORD_FORK, 0, 56);
	put(&kernel, zeros, 48);
	put_switch(&kernel, 0, 110, 5);
	struct ring_bytes bytes = bytes_of(&kernel, 0);

	assert_true(ring_next(&bytes, &counts, &event));
	assert_event(&event, SWITCH_IN, 11, 110, 5);
	assert_int_equal(counts.unknown, 4);
	assert_int_equal(counts.records, 5);
	assert_int_equal(counts.torn, 0);
}

static void assert_torn(const struct kernel *kernel, uint64_t tail)
{
	struct ring_counts counts = { 0 };
	struct ring_event event;
	struct ring_bytes bytes = bytes_of(kernel, tail);

	assert_true(ring_next(&bytes, &counts, &event));
	assert_int_equal(event.event.kind, SWITCH_LOST);
	assert_int_equal(event.event.other, 1);
	assert_int_equal(event.event.cpu, -1);
	assert_int_equal(counts.torn, 1);
	assert_int_equal(counts.lost, 1);
	assert_int_equal(bytes.tail, kernel->head);
	assert_false(ring_next(&bytes, &counts, &event));
}

static void torn_bytes_end_the_ring_and_are_told_as_lost(void **state)
{
	static const uint16_t sizes[] = { 0, 4, 7, 12, 39, 48, 65528, UINT16_MAX };

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct kernel kernel = { 0 };

		put_header(&kernel, PERF_RECORD_SWITCH, 0, sizes[i]);
		put_tail(&kernel, 110, 5);
		assert_torn(&kernel, 0);
	}
	struct kernel kernel = { 0 };

	put_u32(&kernel, 0); /* half a header */
	assert_torn(&kernel, 0);
	kernel.head = SIZE + 8; /* more than the ring holds */
	assert_torn(&kernel, 0);
}

static void any_bytes_end(void **state)
{
	uint64_t random = 88172645463325252u;

	for (int i = 0; i < 20000; i++) {
		struct kernel kernel = { 0 };
		struct ring_counts counts = { 0 };
		struct ring_event event;

		for (int j = 0; j < 64; j++) {
			random ^= random << 13, random ^= random >> 7, random ^= random << 17;
			/* often a header that could be */
			if (random % 3 == 0)
				put_header(&kernel, (uint32_t)(random >> 8) % 20, 0,
					(uint16_t)(random >> 40) % 128 & 0xfff8);
			else
				put_u64(&kernel, random);
		}
		struct ring_bytes bytes = bytes_of(&kernel, 0);
		int n = 0;

		while (ring_next(&bytes, &counts, &event))
			assert_true(++n <= 64);
		assert_int_equal(bytes.tail, kernel.head);
	}
}

/* /proc/self/timens_offsets, as the kernel prints it. */
static void the_clock_of_a_time_namespace_is_read(void **state)
{
	assert_int_equal(parse_clock_offset("monotonic           0         0\n"
					    "boottime            0         0\n"),
		0);
	assert_int_equal(parse_clock_offset("monotonic      100000       250\nboottime 7 7\n"),
		100000 * NSEC_PER_SEC + 250);
	assert_int_equal(parse_clock_offset("monotonic      -20 500000000\n"),
		-20 * NSEC_PER_SEC + 500000000);
	assert_int_equal(parse_clock_offset(""), 0);
	assert_int_equal(parse_clock_offset("boottime 5 5\n"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_is_read),
		cmocka_unit_test(records_go_on_at_the_start_of_the_memory),
		cmocka_unit_test(a_full_ring_is_read_to_its_end),
		cmocka_unit_test(what_is_not_known_is_passed_over_and_counted),
		cmocka_unit_test(torn_bytes_end_the_ring_and_are_told_as_lost),
		cmocka_unit_test(any_bytes_end),
		cmocka_unit_test(the_clock_of_a_time_namespace_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
