#include <oneapi/dnnl/dnnl.h>

// The CPU's matrix unit (AMX) keeps a configuration for each thread. oneDNN sets its own and clears it afterwards, but
// ggml sets its configuration only once in a thread's life: whoever runs oneDNN between must put it back.
// Only for processors with AMX; `state` has 64 bytes.
static inline void amx_save_configuration(void * state) {
#if defined(__x86_64__)
    __asm__ volatile("sttilecfg %0" : "=m"(*(char (*)[64]) state));
#endif
}

static inline void amx_restore_configuration(const void * state) {
#if defined(__x86_64__)
    __asm__ volatile("ldtilecfg %0" : : "m"(*(const char (*)[64]) state));
#endif
}
