export { memoryPosts } from './memory-posts.ts';
