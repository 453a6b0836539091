#include "ligature_hnsw.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <iostream>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

#include <hnswlib/hnswlib.h>

#include "CKernels.h"

namespace {

/// What hnswlib keeps of a row, so that vectors are kept once: its number, and the coordinate that
/// makes all rows equally long.
struct Element {
  uint32_t row;
  float rest;
};

/// What stands for the query itself where hnswlib passes an element.
constexpr Element query_element = {0xffffffff, 0};

/// What the calling thread is looking at.
thread_local const uint16_t *current_vectors = nullptr;
thread_local const float *current_query = nullptr;

Element element_at(const void *bytes) {
  Element element;
  std::memcpy(&element, bytes, sizeof element);
  return element;
}

float distance(const void *a, const void *b, const void *parameter) {
  const size_t width = *static_cast<const size_t *>(parameter);
  const Element first = element_at(a), second = element_at(b);
  const uint16_t *row = current_vectors + second.row * width;
  if (first.row == query_element.row) return -lig_dot_float_half(current_query, row, width);
  return -lig_dot_halves(current_vectors + first.row * width, row, width) -
         first.rest * second.rest;
}

class RowSpace : public hnswlib::SpaceInterface<float> {
 public:
  explicit RowSpace(size_t width) : width_(width) {}
  size_t get_data_size() override { return sizeof(Element); }
  hnswlib::DISTFUNC<float> get_dist_func() override { return distance; }
  void *get_dist_func_param() override { return &width_; }

 private:
  size_t width_;
};

/// A file in memory, for hnswlib reads and writes nothing but files.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(memfd_create("hnsw", MFD_CLOEXEC)) {
    if (descriptor_ < 0) throw std::runtime_error("no file in memory");
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile &) = delete;
  MemoryFile &operator=(const MemoryFile &) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

  size_t size() const {
    const off_t end = lseek(descriptor_, 0, SEEK_END);
    return end < 0 ? 0 : static_cast<size_t>(end);
  }

  void write(const uint8_t *bytes, size_t count) const {
    for (size_t done = 0; done < count;) {
      const ssize_t got = ::write(descriptor_, bytes + done, count - done);
      if (got <= 0) throw std::runtime_error("no room in memory");
      done += static_cast<size_t>(got);
    }
  }

  void read(uint8_t *bytes, size_t count) const {
    for (size_t done = 0; done < count;) {
      const ssize_t got = pread(descriptor_, bytes + done, count - done, static_cast<off_t>(done));
      if (got <= 0) throw std::runtime_error("file in memory ended early");
      done += static_cast<size_t>(got);
    }
  }

 private:
  int descriptor_;
};

}  // namespace

struct ligature_hnsw {
  RowSpace space;
  std::unique_ptr<hnswlib::HierarchicalNSW<float>> graph;
  explicit ligature_hnsw(size_t width) : space(width) {}
};

extern "C" struct ligature_hnsw *ligature_hnsw_create(size_t capacity, size_t width, size_t links,
                                                      size_t construction, size_t seed) {
  try {
    auto made = std::make_unique<ligature_hnsw>(width);
    made->graph = std::make_unique<hnswlib::HierarchicalNSW<float>>(
        &made->space, std::max<size_t>(capacity, 1), links, construction, seed);
    return made.release();
  } catch (const std::exception &) {
    return nullptr;
  }
}

extern "C" void ligature_hnsw_destroy(struct ligature_hnsw *graph) { delete graph; }

extern "C" int32_t ligature_hnsw_add(struct ligature_hnsw *graph, const uint16_t *vectors,
                                     uint32_t row, float rest) {
  try {
    current_vectors = vectors;
    const Element element = {row, rest};
    graph->graph->addPoint(&element, row);
    return 0;
  } catch (const std::exception &) {
    return 1;
  }
}

extern "C" int64_t ligature_hnsw_search(const struct ligature_hnsw *graph, const uint16_t *vectors,
                                        const float *query, size_t breadth, uint32_t *rows) {
  try {
    current_vectors = vectors;
    current_query = query;
    auto found = graph->graph->searchKnn(&query_element, breadth);
    int64_t count = 0;
    for (; !found.empty(); found.pop()) rows[count++] = static_cast<uint32_t>(found.top().second);
    return count;
  } catch (const std::exception &) {
    return -1;
  }
}

extern "C" size_t ligature_hnsw_count(const struct ligature_hnsw *graph) {
  return graph->graph->cur_element_count;
}

extern "C" size_t ligature_hnsw_memory(const struct ligature_hnsw *graph) {
  const auto &inner = *graph->graph;
  // Links of the base layer and of the layers above; a lock, a level, a pointer and a place in the
  // table of labels for each row; one list of visited rows.
  size_t bytes = inner.max_elements_ * (inner.size_data_per_element_ + sizeof(std::mutex) +
                                        sizeof(int) + sizeof(void *) + 32 + sizeof(short));
  for (size_t i = 0; i < inner.cur_element_count; ++i) {
    bytes += static_cast<size_t>(inner.element_levels_[i]) * inner.size_links_per_element_;
  }
  return bytes;
}

extern "C" size_t ligature_hnsw_save(struct ligature_hnsw *graph, uint8_t **bytes) {
  try {
    const MemoryFile file;
    graph->graph->saveIndex(file.path());
    const size_t count = file.size();
    std::unique_ptr<uint8_t, decltype(&std::free)> copy(
        static_cast<uint8_t *>(std::malloc(std::max<size_t>(count, 1))), std::free);
    if (!copy) return 0;
    file.read(copy.get(), count);
    *bytes = copy.release();
    return count;
  } catch (const std::exception &) {
    return 0;
  }
}

extern "C" struct ligature_hnsw *ligature_hnsw_load(const uint8_t *bytes, size_t count,
                                                    size_t capacity, size_t width) {
  try {
    const MemoryFile file;
    file.write(bytes, count);
    auto made = std::make_unique<ligature_hnsw>(width);
    made->graph = std::make_unique<hnswlib::HierarchicalNSW<float>>(&made->space, file.path(),
                                                                    false, capacity);
    return made.release();
  } catch (const std::exception &) {
    return nullptr;
  }
}
