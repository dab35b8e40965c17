#ifndef _GNU_SOURCE
#define _GNU_SOURCE  // dladdr
#endif
#include <dlfcn.h>
#include <ggml.h>
#include <ggml-alloc.h>
#include <ggml-backend.h>
#include <ggml-cpu.h>

#if defined(__linux__) && !defined(__USE_GNU)
// Another header has included <dlfcn.h> without this extension before.
typedef struct { const char * dli_fname; void * dli_fbase; const char * dli_sname; void * dli_saddr; } Dl_info;
extern int dladdr(const void * address, Dl_info * info);
#endif

/// File that libggml was loaded from, or NULL. Its backends lie beside it.
static inline const char * ggml_library_path(void) {
    Dl_info info;
    return dladdr((const void *) ggml_backend_load_all_from_path, &info) != 0 ? info.dli_fname : 0;
}
