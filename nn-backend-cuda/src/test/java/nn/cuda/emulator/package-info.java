/** The emulated driver, cuBLAS and NVRTC that tests run over where there is no card. */
@NullMarked
package nn.cuda.emulator;

import org.jspecify.annotations.NullMarked;
