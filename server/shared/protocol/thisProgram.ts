/** In a worker's arguments, in the place of a program that it is to become: the one that runs it. */
export const thisProgram = '-';
