package nn.backend;

/**
 * What a backend runs on.
 *
 * @param backend the backend's name
 * @param name the device in words, such as a processor's or a card's name
 * @param detail vector width, compute capability or the like
 * @param threads host threads that compute
 * @param memoryBytes memory that buffers can take
 */
public record Device(String backend, String name, String detail, int threads, long memoryBytes) {}
