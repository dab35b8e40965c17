#include <portaudio.h>
#include <stdio.h>

/* Where C libraries write their remarks. ALSA and PortAudio explain at length which devices a machine lacks, in the
   middle of what a terminal shows, and neither can be told to be quiet. Descriptor 2 stays as it is. */
static inline FILE *sori_standard_error(void) { return stderr; }
static inline void sori_set_standard_error(FILE *file) {
#if defined(__GLIBC__) || defined(__APPLE__)
    stderr = file;
#endif
}
