/* SPDX-License-Identifier: Apache-2.0
 *
 * Room `fiber`: the switch.  What a called function must keep is pushed, the stack pointers are exchanged, and it is popped
 * again: x86-64 and aarch64 as their System V and AAPCS64 say; ucontext (slower, as it asks the kernel for signal masks) on
 * any other.
 */
#include <stdint.h>

#if !defined(__x86_64__) && !defined(__aarch64__) && !defined(ATH_FIBER_UCONTEXT)
#define ATH_FIBER_UCONTEXT 1
#endif
#ifdef ATH_FIBER_UCONTEXT
#include <ucontext.h>
#endif

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define ATH_ASAN 1
#include <pthread.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
#define ATH_TSAN 1
#include <sanitizer/tsan_interface.h>
#endif
#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#define ATH_VALGRIND 1
#include <valgrind/valgrind.h>
#endif
#endif

#include "fiber/switch.h"

/* ---- the switch ---- */

#ifdef ATH_FIBER_UCONTEXT

typedef struct start {
    ucontext_t context;
    void (*entry)(void *);
    void *argument;
} start;

static void begin(unsigned high, unsigned low) {
    const start *s = (const start *)(uintptr_t)((uint64_t)high << 32 | low);
    s->entry(s->argument);
}

static void jump(ath__context *from, ath__context *to) {
    ucontext_t here;
    from->at = &here;
    swapcontext(&here, to->at);
}

/* The context lies at the upper end of its stack. */
static void prepare(ath__context *c, void (*entry)(void *), void *argument) {
    uintptr_t end = ((uintptr_t)c->bottom + c->size - sizeof(start)) & ~(uintptr_t)63;
    start *s = (start *)end;
    s->entry = entry;
    s->argument = argument;
    getcontext(&s->context);
    s->context.uc_stack.ss_sp = c->bottom;
    s->context.uc_stack.ss_size = end - (uintptr_t)c->bottom;
    s->context.uc_link = NULL;
    makecontext(&s->context, (void (*)(void))begin, 2, (unsigned)((uint64_t)end >> 32), (unsigned)end);
    c->at = &s->context;
}

#else

/* Pushes, leaves the stack pointer in *from, takes `to`, pops. */
void ath__fiber_jump(void **from, void *to);
/* Where a new stack begins: calls what was left in two registers for it. */
void ath__fiber_start(void);

#if defined(__x86_64__)

__asm__(".pushsection .text\n"
        ".p2align 4\n"
        ".hidden ath__fiber_jump\n"
        ".globl ath__fiber_jump\n"
        ".type ath__fiber_jump, @function\n"
        "ath__fiber_jump:\n"
        "    pushq %rbp\n"
        "    pushq %rbx\n"
        "    pushq %r12\n"
        "    pushq %r13\n"
        "    pushq %r14\n"
        "    pushq %r15\n"
        "    subq $8, %rsp\n"
        "    stmxcsr (%rsp)\n"
        "    fnstcw 4(%rsp)\n"
        "    movq %rsp, (%rdi)\n"
        "    movq %rsi, %rsp\n"
        "    ldmxcsr (%rsp)\n"
        "    fldcw 4(%rsp)\n"
        "    addq $8, %rsp\n"
        "    popq %r15\n"
        "    popq %r14\n"
        "    popq %r13\n"
        "    popq %r12\n"
        "    popq %rbx\n"
        "    popq %rbp\n"
        "    ret\n"
        ".size ath__fiber_jump, .-ath__fiber_jump\n"
        ".p2align 4\n"
        ".hidden ath__fiber_start\n"
        ".globl ath__fiber_start\n"
        ".type ath__fiber_start, @function\n"
        "ath__fiber_start:\n"
        ".cfi_startproc\n"
        ".cfi_undefined rip\n" /* debuggers: nothing called it */
        "    movq %r12, %rdi\n"
        "    xorl %ebp, %ebp\n"
        "    call *%rbx\n"
        "    ud2\n"
        ".cfi_endproc\n"
        ".size ath__fiber_start, .-ath__fiber_start\n"
        ".popsection\n");

typedef struct frame {
    uint32_t mxcsr;
    uint16_t x87, unused;
    uint64_t r15, r14, r13, r12, rbx, rbp;
    void (*back)(void);
} frame;

static void fill(frame *f, void (*entry)(void *), void *argument) {
    f->mxcsr = 0x1f80; /* both as a process begins */
    f->x87 = 0x037f;
    f->rbx = (uintptr_t)entry;
    f->r12 = (uintptr_t)argument;
    f->back = ath__fiber_start;
}

#else

__asm__(".pushsection .text\n"
        ".p2align 4\n"
        ".hidden ath__fiber_jump\n"
        ".globl ath__fiber_jump\n"
        ".type ath__fiber_jump, %function\n"
        "ath__fiber_jump:\n"
        "    sub sp, sp, #176\n"
        "    stp x19, x20, [sp, #0]\n"
        "    stp x21, x22, [sp, #16]\n"
        "    stp x23, x24, [sp, #32]\n"
        "    stp x25, x26, [sp, #48]\n"
        "    stp x27, x28, [sp, #64]\n"
        "    stp x29, x30, [sp, #80]\n"
        "    stp d8, d9, [sp, #96]\n"
        "    stp d10, d11, [sp, #112]\n"
        "    stp d12, d13, [sp, #128]\n"
        "    stp d14, d15, [sp, #144]\n"
        "    mrs x9, fpcr\n"
        "    str x9, [sp, #160]\n"
        "    mov x9, sp\n"
        "    str x9, [x0]\n"
        "    mov sp, x1\n"
        "    ldr x9, [sp, #160]\n"
        "    msr fpcr, x9\n"
        "    ldp d14, d15, [sp, #144]\n"
        "    ldp d12, d13, [sp, #128]\n"
        "    ldp d10, d11, [sp, #112]\n"
        "    ldp d8, d9, [sp, #96]\n"
        "    ldp x29, x30, [sp, #80]\n"
        "    ldp x27, x28, [sp, #64]\n"
        "    ldp x25, x26, [sp, #48]\n"
        "    ldp x23, x24, [sp, #32]\n"
        "    ldp x21, x22, [sp, #16]\n"
        "    ldp x19, x20, [sp, #0]\n"
        "    add sp, sp, #176\n"
        "    ret\n"
        ".size ath__fiber_jump, .-ath__fiber_jump\n"
        ".p2align 4\n"
        ".hidden ath__fiber_start\n"
        ".globl ath__fiber_start\n"
        ".type ath__fiber_start, %function\n"
        "ath__fiber_start:\n"
        ".cfi_startproc\n"
        ".cfi_undefined x30\n" /* debuggers: nothing called it */
        "    mov x0, x20\n"
        "    blr x19\n"
        "    brk #1\n"
        ".cfi_endproc\n"
        ".size ath__fiber_start, .-ath__fiber_start\n"
        ".popsection\n");

typedef struct frame {
    uint64_t x19, x20, x21_28[8], x29;
    void (*back)(void); /* x30 */
    uint64_t d8_15[8], fpcr, unused;
} frame;

static void fill(frame *f, void (*entry)(void *), void *argument) {
    f->x19 = (uintptr_t)entry;
    f->x20 = (uintptr_t)argument;
    f->back = ath__fiber_start;
}

#endif

static void prepare(ath__context *c, void (*entry)(void *), void *argument) {
    uintptr_t end = ((uintptr_t)c->bottom + c->size) & ~(uintptr_t)15;
    frame *f = (frame *)(end - 16 - sizeof(frame)); /* a multiple of 16: aligned when it is popped */
    memset(f, 0, sizeof *f);
    fill(f, entry, argument);
    c->at = f;
}

static void jump(ath__context *from, ath__context *to) {
    ath__fiber_jump(&from->at, to->at);
}

#endif

/* ---- contexts ---- */

void ath__context_of_thread(ath__context *c) {
    *c = (ath__context){.at = NULL};
#ifdef ATH_ASAN
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        pthread_attr_getstack(&attributes, &c->bottom, &c->size);
        pthread_attr_destroy(&attributes);
    }
#endif
#ifdef ATH_TSAN
    c->sanitized = __tsan_get_current_fiber();
#endif
}

void ath__context_make(ath__context *c, void *bottom, size_t size, void (*entry)(void *), void *argument) {
    *c = (ath__context){.bottom = bottom, .size = size};
    prepare(c, entry, argument);
#ifdef ATH_TSAN
    c->sanitized = __tsan_create_fiber(0);
#endif
#ifdef ATH_VALGRIND
    c->registered = VALGRIND_STACK_REGISTER(bottom, (char *)bottom + size);
#endif
}

void ath__context_done(ath__context *c) {
#ifdef ATH_TSAN
    __tsan_destroy_fiber(c->sanitized);
#endif
#ifdef ATH_VALGRIND
    VALGRIND_STACK_DEREGISTER(c->registered);
#endif
    (void)c;
}

void ath__context_switch(ath__context *from, ath__context *to, bool over) {
    (void)over;
#ifdef ATH_ASAN
    __sanitizer_start_switch_fiber(over ? NULL : &from->fake, to->bottom, to->size);
#endif
#ifdef ATH_TSAN
    __tsan_switch_to_fiber(to->sanitized, 0);
#endif
    jump(from, to);
#ifdef ATH_ASAN
    __sanitizer_finish_switch_fiber(from->fake, NULL, NULL);
#endif
}

void ath__context_entered(void) {
#ifdef ATH_ASAN
    __sanitizer_finish_switch_fiber(NULL, NULL, NULL);
#endif
}
